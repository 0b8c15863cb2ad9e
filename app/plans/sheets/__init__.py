"""Tables from files: CSV and XLSX to rows of named cells, and cells to values. Pure."""
