"""The pages about people, organisations and review cycles: everything but the review itself."""
