# ما قد تسمى به أعمدة ملف العملاء، وبين الأسماء |
column-id = المعرف | رقم العميل
column-name = الاسم | الإسم | الاسم الكامل | اسم العميل | العميل
column-phone_number = رقم الهاتف | الهاتف | رقم الجوال | الجوال | الموبايل | رقم الموبايل
column-priority = الأولوية
column-type = النوع | نوع العميل
column-status = الحالة | حالة العميل
column-communication_way = طريقة التواصل | القناة | المصدر
column-budget = الميزانية
column-assigned_to = الموظف | المسؤول | مسند إلى
column-created_at = تاريخ الإنشاء
column-assigned_at = تاريخ الإسناد
column-last_contacted_at = آخر تواصل
column-other_phone_numbers = أرقام أخرى | هواتف أخرى
column-line = السطر
column-problem = المشكلة
