mail-code-subject = رمز الدخول الخاص بك
mail-code-greeting = مرحبًا،
mail-code-what = أدخل هذا الرمز لتسجيل الدخول:
mail-code-minutes = يصلح الرمز مرة واحدة، خلال { $minutes } دقائق.
mail-code-unasked = إن لم تطلبه فلا يلزمك فعل شيء: لا فائدة منه من دون كلمة المرور. لا تعطه لأحد.
