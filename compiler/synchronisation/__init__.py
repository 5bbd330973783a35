"""``lenie sync-documents``: documents that were collected in the cloud, taken over into a database elsewhere."""
