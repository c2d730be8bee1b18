trouble-title = Something went wrong
trouble-panicked = This page could not be shown; the server's log says why. Go back, or start again from the home page.
trouble-took-too-long = This took too long. Try again in a moment.
trouble-home = To the home page
