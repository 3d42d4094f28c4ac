"""The strategy review: six stages, twenty questions, what is answered, and what comes out."""
