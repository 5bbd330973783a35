"""Facts about AWS that the compiler needs: typed constants, each with its source and date."""
