"""Groups of organisations: what each lets the others see, and the page that shows it."""
