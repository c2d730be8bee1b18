-- The tables of the reference CRM that are taken over, in words that both engines accept.
CREATE TABLE companies (
    id BIGINT PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    domain VARCHAR(256) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    owner_id BIGINT NOT NULL,
    specialization VARCHAR(20) NOT NULL,
    registration_completed BOOL NOT NULL,
    registration_completed_at TIMESTAMP WITH TIME ZONE,
    auto_assign_enabled BOOL NOT NULL,
    re_assign_enabled BOOL NOT NULL,
    re_assign_hours INTEGER NOT NULL
);
CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    password VARCHAR(128) NOT NULL,
    last_login TIMESTAMP WITH TIME ZONE,
    is_superuser BOOL NOT NULL,
    username VARCHAR(150) NOT NULL,
    first_name VARCHAR(150) NOT NULL,
    last_name VARCHAR(150) NOT NULL,
    is_staff BOOL NOT NULL,
    is_active BOOL NOT NULL,
    date_joined TIMESTAMP WITH TIME ZONE NOT NULL,
    role VARCHAR(64) NOT NULL,
    company_id BIGINT,
    phone VARCHAR(20),
    email_verified BOOL NOT NULL,
    email VARCHAR(254) NOT NULL,
    profile_photo VARCHAR(100)
);
CREATE TABLE plans (
    id BIGINT PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    description TEXT NOT NULL,
    price_monthly DECIMAL(10, 2) NOT NULL,
    price_yearly DECIMAL(10, 2) NOT NULL,
    clients VARCHAR(50) NOT NULL,
    storage INTEGER NOT NULL,
    trial_days INTEGER NOT NULL,
    users VARCHAR(50) NOT NULL,
    visible BOOL NOT NULL,
    description_ar TEXT NOT NULL,
    name_ar VARCHAR(255) NOT NULL
);
CREATE TABLE subscriptions (
    id BIGINT PRIMARY KEY,
    start_date TIMESTAMP WITH TIME ZONE NOT NULL,
    end_date TIMESTAMP WITH TIME ZONE NOT NULL,
    is_active BOOL NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    company_id BIGINT NOT NULL,
    plan_id BIGINT NOT NULL,
    auto_renew BOOL NOT NULL
);
CREATE TABLE settings_channel (
    id BIGINT PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    type VARCHAR(100) NOT NULL,
    priority VARCHAR(10) NOT NULL,
    is_active BOOL NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    company_id BIGINT NOT NULL
);
CREATE TABLE settings_lead_stage (
    id BIGINT PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    color VARCHAR(7) NOT NULL,
    required BOOL NOT NULL,
    auto_advance BOOL NOT NULL,
    "order" INTEGER NOT NULL,
    is_active BOOL NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    company_id BIGINT NOT NULL
);
CREATE TABLE settings_lead_status (
    id BIGINT PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    category VARCHAR(20) NOT NULL,
    color VARCHAR(7) NOT NULL,
    is_default BOOL NOT NULL,
    is_hidden BOOL NOT NULL,
    is_active BOOL NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    company_id BIGINT NOT NULL
);
CREATE TABLE crm_client (
    id BIGINT PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    priority VARCHAR(10) NOT NULL,
    type VARCHAR(20) NOT NULL,
    communication_way_id BIGINT,
    budget DECIMAL(12, 2),
    phone_number VARCHAR(20),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    assigned_to_id BIGINT,
    company_id BIGINT NOT NULL,
    status_id BIGINT,
    assigned_at TIMESTAMP WITH TIME ZONE,
    last_contacted_at TIMESTAMP WITH TIME ZONE
);
CREATE TABLE client_phone_numbers (
    id BIGINT PRIMARY KEY,
    phone_number VARCHAR(20) NOT NULL,
    phone_type VARCHAR(10) NOT NULL,
    is_primary BOOL NOT NULL,
    notes TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client_id BIGINT NOT NULL
);
CREATE TABLE crm_client_task (
    id BIGINT PRIMARY KEY,
    notes TEXT,
    reminder_date TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client_id BIGINT NOT NULL,
    created_by_id BIGINT,
    stage_id BIGINT
);
CREATE TABLE crm_client_event (
    id BIGINT PRIMARY KEY,
    event_type VARCHAR(50) NOT NULL,
    old_value VARCHAR(255),
    new_value VARCHAR(255),
    notes TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client_id BIGINT NOT NULL,
    created_by_id BIGINT
);
