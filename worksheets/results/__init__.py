"""Results between reviews: dated figures for the measures of a review, and the events outside beside them."""
