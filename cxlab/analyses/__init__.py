"""What a researcher asks for: one file a question. Unpack the Survey, call the rooms above, return a frozen result."""
