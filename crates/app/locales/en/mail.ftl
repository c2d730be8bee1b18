mail-code-subject = Your code to sign in
mail-code-greeting = Hello,
mail-code-what = enter this code to sign in:
mail-code-minutes = It works once, within { $minutes } minutes.
mail-code-unasked = If you did not ask for it, you need not do anything: without your password the code is of no use. Never give it to anybody.
