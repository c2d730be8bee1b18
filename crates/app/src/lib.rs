//! The verbs: one function for each thing that a person or the worker can ask for. A verb requires
//! permission, gathers what it needs, lets a rule decide, records the decision and commits.

mod access;
mod afterwards;
mod app;
mod assignment;
mod audit;
mod audit_entries;
mod blocking;
mod client_events;
mod client_tasks;
mod clients;
mod clock;
mod company;
mod company_batches;
mod error;
mod hex;
mod job;
mod language;
mod mail;
mod operations;
mod pace;
mod page;
mod patch;
mod progress;
mod repetition;
mod room;
mod sheet;
mod taken_names;
mod uploads;
mod users;

pub use access::account::{Account, AccountKey, find_account};
pub use access::actor::Actor;
pub use access::api_keys::{
    ApiKeySecret, CreatedApiKey, NewApiKey, create_api_key, create_api_key_of, list_api_keys,
    read_api_key, revoke_any_api_key, revoke_api_key,
};
pub use access::asker::Asker;
pub use access::caller::authenticate;
pub use access::mail_code::{BadMailCode, MailWish, MailedCode, ShownCode, mail_code};
pub use access::sign_in::{Me, SignedIn, me, refresh, sign_in, sign_out, verify};
pub use access::sign_in_code::{
    CodeMail, CodeMailed, CodeRefusal, CodeRequested, CodeSignIn, mail_sign_in_code, request_code,
    sign_in_with_code,
};
pub use access::token::{BadToken, Keys, Session, TokenType};
pub use app::{App, Queues};
pub use assignment::bulk::{BulkAssigned, bulk_assign};
pub use assignment::company_sweeps::{
    SweepDetail, list_sweeps, preview_own_sweep, read_sweep, run_own_sweep,
};
pub use assignment::preview::preview_sweep;
pub use assignment::sweep::{
    CompanySweep, KeptClient, MovedClient, SweepReport, SweepRequest, sweep, sweep_by_operator,
};
pub use assignment::unassigned::{
    Left, Receiver, SpreadReport, SpreadResult, assign_unassigned, spread_unassigned,
};
pub use assignment::waiting::{HandedOut, hand_out, unassigned_counts};
pub use assignment::workload::{Workload, workload};
pub use audit::{By, Refusals, prune_audit};
pub use audit_entries::{AuditSearch, list_audit};
pub use client_events::{list_events, read_event};
pub use client_tasks::{TaskChange, delete_task, edit_task, list_tasks, log_task, read_task};
pub use clients::create::create_client;
pub use clients::export::{ByteOrderMark, ClientsFile, ClientsPart, export_clients};
pub use clients::import::{
    CsvError, CsvReport, Import, ImportMode, KnownClients, Sentences, import_clients,
};
pub use clients::own_files::{
    MAX_CLIENTS_FILE_BYTES, OwnClientsFile, begin_clients_file, export_own_clients,
    import_own_clients,
};
pub use clients::{
    ClientChange, ClientWithPhones, count_clients_by_status, delete_client, edit_client,
    list_clients, read_client,
};
pub use clock::Clock;
pub use company::channels::{
    ChannelPatch, create_channel, delete_channel, edit_channel, list_channels, read_channel,
};
pub use company::owner::hand_over_company;
pub use company::register::{
    CompanyDraft, CompanyUpdate, create_company, delete_company, edit_company, list_companies,
    list_plans, read_company, register_company,
};
pub use company::settings::{SettingsChange, change_company, update_assignment_settings};
pub use company::stages::{
    StagePatch, create_stage, delete_stage, edit_stage, list_stages, read_stage,
};
pub use company::statuses::{
    StatusPatch, create_status, delete_status, edit_status, list_statuses, read_status,
};
pub use company::unique_phones::tidy_phones;
pub use error::{
    Denied, Error, FieldProblem, Problem, Refusal, Result, Submitted, Thing, with_causes,
};
pub use job::{Job, JobKind, enqueue};
pub use language::Language;
pub use mail::{BadMailSetting, MailError, Mailer};
pub use operations::clocks::{CLOCK_TOLERANCE, clock_ahead, wrong_clock};
pub use operations::demo::{DEMO_PASSWORD, DemoSignIn, fill_demo};
pub use operations::doctor::{Finding, Severity, examine};
pub use operations::privacy::open_to_others;
pub use operations::server_state::{MOST_WAITING, ServerStatus, server_status};
pub use operations::take_over::{DjangoError, DjangoReport, TableReport, import_django};
pub use page::{Cursor, Page, PageRequest, Reading};
pub use progress::{NoProgress, Progress};
pub use room::{Full, Place, Room};
pub use sheet::{BadSeparator, Layout, Separator, SheetError};
pub use tawzi_core::audit::Limit;
pub use tawzi_core::photo::BadPhoto;
pub use uploads::{FileUpload, Upload};
pub use users::availability::{WantedNames, require_available};
pub use users::email::{VerificationMail, confirm_email, resend_verification};
pub use users::operator::{OperatorUserDraft, create_user_as_operator, set_password};
pub use users::own_name::own_name;
pub use users::photos::{MAX_PHOTO_BYTES, MAX_PHOTO_SIDE, PhotoFile, begin_upload, read_photo};
pub use users::reset::{forgot_password, reset_password};
pub use users::{
    Deactivated, DeactivationPreview, PasswordChange, UserChange, change_password, create_user,
    deactivate_employee, delete_user, edit_user, list_users, preview_deactivation,
    reactivate_employee, read_user,
};

// What the verbs take and give; a surface needs these types, never the functions beside them.
pub use tawzi_store::{
    ApiKey, AuditEntry, Channel, Client, ClientEvent, ClientFilter, ClientOrder, ClientPhone,
    ClientTask, Company, CompanySweepRow, Counting, Db, Error as StoreError, NewPhone, Photo, Plan,
    RosterEntry, SortKey, Stage, StaleOfAssignee, Status, StatusCount, Subscription, SweepMove,
    TaskOrder, UnassignedCount, User, UserOrder,
};
