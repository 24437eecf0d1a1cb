// What the theme leaves to be put right in the finished page.
