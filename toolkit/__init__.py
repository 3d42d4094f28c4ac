"""Wiring: settings, addresses, middleware and the page frame. What the toolkit does lives in `worksheets`."""
