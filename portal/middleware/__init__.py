"""What holds for every request, in the order of `settings.MIDDLEWARE`, a module per noun."""
