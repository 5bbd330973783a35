"""Lambda without containers: functions run from their packages in child processes of this interpreter."""
