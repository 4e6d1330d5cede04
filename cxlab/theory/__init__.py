"""What customer experience is, as reviewed data: frameworks, constructs, items, questionnaires, tables."""
