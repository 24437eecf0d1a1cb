"""What each chapter draws: one file a chapter, named as the chapter. Computes nothing that it teaches."""
