# What the columns of a file of clients may be called, with | between the names.
column-id = Id | Client id
column-name = Name | Full name | Client | Client name | Customer | Customer name
column-phone_number = Phone number | Phone | Mobile | Mobile number | Telephone
column-priority = Priority
column-type = Type | Client type
column-status = Status | Client status
column-communication_way = Communication way | Channel | Source
column-budget = Budget
column-assigned_to = Assigned to | Assignee | Employee
column-created_at = Created at | Created
column-assigned_at = Assigned at
column-last_contacted_at = Last contacted at | Last contact
column-other_phone_numbers = Other phone numbers | Other phones
column-line = Line
column-problem = Problem
