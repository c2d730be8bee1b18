//! What can be said on the command line.

mod audit;
mod values;

pub(crate) use audit::AuditArgs;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use tawzi_app::Separator;
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::CompanyId;
use tawzi_core::phone::PhoneRegion;
use tawzi_core::time::Timestamp;
use values::{company_id, hours, on_or_off, origin};

/// Tawzi hands each new client of a sales company to the right employee, notices whether anybody
/// got in touch, and moves neglected clients on.
#[derive(Debug, Parser)]
#[command(name = "tawzi", version, max_term_width = 100)]
pub(crate) struct Args {
    /// The database: sqlite://FILE or postgres://USER@HOST:PORT/NAME. An address with a password belongs
    /// into the variable, or into a file that TAWZI_DATABASE_URL_FILE names: other users of the machine
    /// can read arguments [default: sqlite://tawzi.db]
    #[arg(
        long,
        global = true,
        env = "TAWZI_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const ENVIRONMENT_OF_SERVE: &str = "\
Environment:
  TAWZI_SECRET_KEY  What tokens are signed with [default: made once, in tawzi.secret]
  TAWZI_SMTP_URL    The mail server for codes to sign in with, to confirm addresses and to set
                    forgotten passwords: smtps://USER:PASSWORD@HOST,
                    smtp://USER:PASSWORD@HOST:587?tls=required or smtp://HOST.
                    Without one, the codes are written to the log
  TAWZI_MAIL_FROM   Who mails are from, such as crm@example.org

With --no-worker, set the two of mail for `tawzi worker`, too: it is what sends.";

const ENVIRONMENT_OF_MAIL: &str = "\
Environment:
  TAWZI_SMTP_URL    The mail server: smtps://USER:PASSWORD@HOST,
                    smtp://USER:PASSWORD@HOST:587?tls=required or smtp://HOST
  TAWZI_MAIL_FROM   Who mails are from, such as crm@example.org";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server, with a worker inside
    #[command(after_help = ENVIRONMENT_OF_SERVE)]
    Serve(ServeArgs),
    /// Run a worker of its own: it sweeps when the schedule says so, and sends mail
    #[command(after_help = ENVIRONMENT_OF_MAIL)]
    Worker {
        /// Do what is due now, then stop
        #[arg(long)]
        once: bool,
        /// For how many seconds a job is claimed; when a worker is cut off, another takes its job
        /// over after that time
        #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(3..=3600))]
        lease: u64,
    },
    /// Bring the database's schema up to date
    Migrate {
        /// Only say how it stands; exit status 1 when it is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Register the sweep that moves neglected clients on, hourly unless said otherwise
    SetupSchedule {
        /// When to sweep, in UTC: minute, hour, day, month, weekday [default: "0 * * * *"]
        #[arg(long, value_name = "EXPRESSION")]
        cron: Option<String>,
    },
    /// Show what is scheduled
    Schedule,
    /// Show the newest jobs and what came of them
    Jobs {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Move neglected clients on now
    Reassign(ReassignArgs),
    /// Spread the clients that nobody holds over the employees
    AssignUnassigned(AssignUnassignedArgs),
    /// Take clients over from elsewhere
    #[command(subcommand)]
    Import(Import),
    /// Write clients to a file
    #[command(subcommand)]
    Export(Export),
    /// List, create and change companies
    #[command(subcommand)]
    Company(Company),
    /// List and create people, and set their passwords
    #[command(subcommand)]
    User(User),
    /// Show the security log: refused attempts to sign in, and who changed what others may do
    Audit(AuditArgs),
    /// Look for what is wrong with this installation
    Doctor {
        /// Set load counters right that are wrong
        #[arg(long)]
        repair: bool,
    },
    /// Print the OpenAPI document of the HTTP API
    #[command(name = "openapi")]
    OpenApi,
    /// Copy the whole database to a new file while it is in use
    Backup {
        /// The file; it must not exist yet
        file: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub(crate) listen: SocketAddr,
    /// Run no worker inside; start `tawzi worker` elsewhere, or no neglected client moves on
    #[arg(long)]
    pub(crate) no_worker: bool,
    /// Fill an empty database with an example company and print how to sign in
    /// [database: sqlite://tawzi-demo.db]
    #[arg(long)]
    pub(crate) demo: bool,
    /// A web page's origin that may call the API, such as <https://crm.example>; may be repeated
    #[arg(
        long = "allow-origin",
        env = "TAWZI_ALLOWED_ORIGINS",
        value_delimiter = ',',
        value_name = "ORIGIN",
        value_parser = origin
    )]
    pub(crate) allowed_origins: Vec<String>,
    /// Believe the reverse proxy in front of this server who is asking: the last address in its
    /// X-Forwarded-For. Without such a proxy anybody could write there what they like
    #[arg(long, env = "TAWZI_TRUST_PROXY")]
    pub(crate) trust_proxy: bool,
    /// How many threads answer requests [default: half of the cores]. More are of use when the
    /// database is on another machine
    #[arg(long, env = "TAWZI_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Limit how often one may try to sign in: from one address 200 requests at once, then one a
    /// second; for one user name 20 passwords, then one every 30 seconds, and 6 codes, then one
    /// every 2 minutes. Switch it off to measure, or when a proxy limits already
    #[arg(long, env = "TAWZI_SIGN_IN_LIMITS", value_enum, default_value_t = LimitsArg::On)]
    pub(crate) sign_in_limits: LimitsArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LimitsArg {
    /// As many as people need
    On,
    /// Any number
    Off,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReassignArgs {
    /// Only this company
    #[arg(long, value_name = "ID", value_parser = company_id)]
    pub(crate) company: Option<CompanyId>,
    /// Show what would move; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Look from this moment, such as 2025-12-31T15:00:00Z, instead of now
    #[arg(long, value_name = "RFC3339", requires = "dry_run", value_parser = Timestamp::parse)]
    pub(crate) at: Option<Timestamp>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AssignUnassignedArgs {
    /// Only this company
    #[arg(long, value_name = "ID", value_parser = company_id)]
    pub(crate) company: Option<CompanyId>,
    /// Show who would receive what; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Take over the CRM's database: a copy of its SQLite file, or its postgres:// address
    Django(ImportDjangoArgs),
    /// Add clients from a CSV file or an Excel workbook (.xlsx) whose first line names the columns
    Clients(ImportClientsArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ImportDjangoArgs {
    /// FILE.sqlite3 or postgres://USER@HOST:PORT/NAME; an address with a password belongs into the
    /// variable, or into a file: other users of the machine can read arguments
    #[arg(env = "TAWZI_DJANGO_URL", hide_env_values = true)]
    pub(crate) source: Option<String>,
    /// A file that holds the address
    #[arg(long, value_name = "FILE")]
    pub(crate) from_file: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct ImportClientsArgs {
    /// The file; `-` is standard input
    pub(crate) file: PathBuf,
    /// The company that receives them
    #[arg(long, value_name = "ID", value_parser = company_id)]
    pub(crate) company: CompanyId,
    /// Check every line and say what would happen; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Import everything in one go or nothing at all; whoever works in the company waits meanwhile, on SQLite
    /// everybody. Otherwise clients come in steps, and an import that was broken off goes on when it is repeated
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) all_or_nothing: bool,
    /// What stands between two fields: a sign, or comma, semicolon, tab, pipe [default: what the first line has most
    /// of]
    #[arg(long, value_name = "SIGN", value_parser = Separator::parse)]
    pub(crate) separator: Option<Separator>,
    /// Which sheet of a workbook [default: the first that is not hidden]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Pass a column over; may be repeated
    #[arg(long = "ignore", value_name = "COLUMN")]
    pub(crate) ignored: Vec<String>,
    /// Change clients of the company that lines name by their `id`, as an export writes it: what differs, as far as the
    /// columns are there. Otherwise they are there already
    #[arg(long)]
    pub(crate) update: bool,
    /// Leave lines out that are wrong, and write them to a report; without it nothing is imported from a file that
    /// has some
    #[arg(long)]
    pub(crate) skip_bad: bool,
    /// The report of the lines that were left out, each with what is wrong: a new file, which can be imported once it
    /// is mended [default: FILE with the ending .bad.csv]
    #[arg(long, value_name = "FILE", requires = "skip_bad")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Write a company's clients as CSV to standard output: all that there are at this moment. No field is run as a
    /// formula by a spreadsheet; an import gives back what was meant
    Clients(ExportClientsArgs),
}

#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct ExportClientsArgs {
    /// The company
    #[arg(long, value_name = "ID", value_parser = company_id)]
    pub(crate) company: CompanyId,
    /// Leave out the mark at the beginning by which Excel knows UTF-8
    #[arg(long)]
    pub(crate) no_bom: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Company {
    /// List all companies
    List,
    /// Create a company, with a few statuses and stages to start with
    Create(CreateCompanyArgs),
    /// Change a company's settings
    Set(SetCompanyArgs),
    /// Make another of its administrators the owner of a company
    HandOver {
        /// The company
        #[arg(value_parser = company_id)]
        id: CompanyId,
        /// The new owner's user name or e-mail address
        #[arg(long, value_name = "USER")]
        to: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateCompanyArgs {
    /// Its name
    pub(crate) name: String,
    /// Its domain, which no other company has
    #[arg(long)]
    pub(crate) domain: String,
    /// What it sells: real_estate, services or products
    #[arg(long, default_value = "services")]
    pub(crate) specialization: String,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SetCompanyArgs {
    /// The company
    #[arg(value_parser = company_id)]
    pub(crate) id: CompanyId,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    /// Refuse a client whose phone number another one has
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    pub(crate) unique_phones: Option<bool>,
    /// The country of phone numbers that are written without one, such as SA
    #[arg(long, value_name = "XX", value_parser = PhoneRegion::parse)]
    pub(crate) phone_region: Option<PhoneRegion>,
}

#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct SettingsArgs {
    /// Give each new client to the least busy employee
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    pub(crate) auto_assign: Option<bool>,
    /// Move neglected clients on
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    pub(crate) re_assign: Option<bool>,
    /// After how many hours without contact (1 to 8760)
    #[arg(long, value_name = "N", value_parser = hours)]
    pub(crate) hours: Option<ReAssignHours>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// List people
    List {
        /// Only of this company
        #[arg(long, value_name = "ID", value_parser = company_id)]
        company: Option<CompanyId>,
    },
    /// Create a person; the password is asked for, or read from standard input
    Create {
        /// The name to sign in with
        username: String,
        /// The company
        #[arg(long, value_name = "ID", value_parser = company_id)]
        company: CompanyId,
        /// The e-mail address
        #[arg(long)]
        email: String,
        /// What they may do
        #[arg(long, value_enum, default_value_t = RoleArg::Employee)]
        role: RoleArg,
        /// First name
        #[arg(long, default_value = "")]
        first_name: String,
        /// Last name
        #[arg(long, default_value = "")]
        last_name: String,
    },
    /// Set a person's password, and sign them out everywhere; it is asked for, or read from
    /// standard input
    SetPassword {
        /// The user name or e-mail address
        username: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArg {
    /// Manages the company
    Admin,
    /// Receives clients
    Employee,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Args::command().debug_assert();
    }
}
