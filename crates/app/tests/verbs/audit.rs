//! What is in the security log, and who may read it.

use tawzi_app::{
    Actor, Asker, AuditEntry, AuditSearch, ByteOrderMark, CompanyDraft, CompanyUpdate, Denied,
    Error, ImportMode, Language, NewApiKey, NoProgress, OperatorUserDraft, PageRequest,
    SettingsChange, Submitted, UserChange, create_api_key, create_company, create_user_as_operator,
    deactivate_employee, delete_company, delete_user, edit_user, export_clients, find_account,
    import_clients, list_audit, prune_audit, reactivate_employee, register_company, request_code,
    revoke_api_key, run_own_sweep, set_password, sign_in, update_assignment_settings,
};
use tawzi_core::audit::AuditKind;
use tawzi_core::company::{ReAssignHours, Specialization};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::text::{ApiKeyName, CompanyName, Domain, Email, NamePart, NewPassword, Username};
use tawzi_core::user::Role;
use tawzi_store::{AuditFilter, EngineKind, User};
use tawzi_testkit::World;

const BOTH: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];

const PAGE: PageRequest = PageRequest::new(1, 100);

async fn seen_by(world: &World, actor: &Actor) -> Vec<AuditEntry> {
    let search = AuditSearch::default();
    list_audit(&world.app, actor, search, PAGE)
        .await
        .unwrap()
        .rows
}

/// Everything in the log, the oldest first: the company, what happened, on what, and how.
async fn log(world: &World) -> Vec<(i64, String, Option<i64>, String)> {
    let everything = AuditFilter::default();
    let mut reader = world.app.db().read().await.unwrap();
    let entries = reader.audit_entries(&everything, 0, 100).await.unwrap();
    let told = |entry: AuditEntry| {
        let company = entry.company_id.map_or(0, CompanyId::get);
        let detail = entry.detail.unwrap_or_default();
        let user = entry.user_id.map(UserId::get);
        (company, entry.kind, user.or(entry.subject_id), detail)
    };
    entries.into_iter().rev().map(told).collect()
}

fn line(company: CompanyId, kind: &str, subject: i64) -> (i64, String, Option<i64>, String) {
    (company.get(), kind.to_owned(), Some(subject), String::new())
}

async fn superuser(world: &World) -> Actor {
    let person = world.hire(world.company, "employee").await;
    Actor::new(User {
        company_id: None,
        is_superuser: true,
        ..person.user().clone()
    })
}

#[tokio::test]
async fn keys_and_sweeps_by_hand_are_told_with_who_and_from_where() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        let address = "192.0.2.7".parse().ok();
        let admin = Actor::new(world.admin.user().clone()).at_address(address);
        let name = ApiKeyName::parse("Form").unwrap();
        let new = NewApiKey { name: Some(name) };

        let key = create_api_key(&world.app, &admin, new)
            .await
            .unwrap()
            .key
            .id;
        revoke_api_key(&world.app, &admin, key).await.unwrap();
        revoke_api_key(&world.app, &admin, key).await.unwrap();
        let sweep = run_own_sweep(&world.app, &admin).await.unwrap().id.unwrap();

        let company = world.company;
        let told = [
            line(company, "api_key_created", key.get()),
            line(company, "api_key_revoked", key.get()),
            line(company, "sweep_run", sweep.get()),
        ];
        assert_eq!(log(&world).await, told);
        for entry in seen_by(&world, &world.admin).await {
            assert_eq!(entry.actor_id, Some(world.admin.id()));
            assert_eq!(entry.address.as_deref(), Some("192.0.2.7"));
        }
    }
}

#[tokio::test]
async fn settings_are_told_as_they_are_now_and_only_when_they_change() {
    for engine in BOTH {
        let world = World::on(engine, 0).await;
        let change = SettingsChange {
            auto_assign_enabled: Some(false),
            re_assign_enabled: Some(true),
            re_assign_hours: Some(ReAssignHours::parse(48).unwrap()),
            ..SettingsChange::default()
        };

        for _ in 0..2 {
            update_assignment_settings(&world.app, &world.admin, world.company, change)
                .await
                .unwrap();
        }

        let told = (
            world.company.get(),
            "settings_changed".to_owned(),
            None,
            "auto_assign=false hours=48".to_owned(),
        );
        assert_eq!(log(&world).await, [told]);
    }
}

#[tokio::test]
async fn companies_are_told_to_super_administrators() {
    let world = World::with_employees(1).await;
    let root = superuser(&world).await;
    let new = CompanyUpdate {
        name: Some(CompanyName::parse("New").unwrap()),
        domain: Some(Domain::parse("new.example").unwrap()),
        ..CompanyUpdate::default()
    };

    let company = register_company(&world.app, &root, Submitted::from(new)).await;
    let company = company.unwrap().id;
    delete_company(&world.app, &root, company).await.unwrap();

    let told = |kind: &str| (company.get(), kind.to_owned(), None, String::new());
    assert_eq!(
        log(&world).await,
        [told("company_created"), told("company_deleted")]
    );
    assert_eq!(seen_by(&world, &root).await.len(), 2);
    assert!(seen_by(&world, &world.admin).await.is_empty());
}

#[tokio::test]
async fn administrators_see_what_concerns_their_own_company() {
    let world = World::with_employees(1).await;
    let (_, neighbour) = world.neighbour().await;
    run_own_sweep(&world.app, &world.admin).await.unwrap();

    assert_eq!(seen_by(&world, &world.admin).await.len(), 1);
    assert!(seen_by(&world, &neighbour).await.is_empty());
    assert_eq!(seen_by(&world, &superuser(&world).await).await.len(), 1);
    let others = AuditSearch {
        kinds: vec![AuditKind::RoleChanged],
        ..AuditSearch::default()
    };
    let found = list_audit(&world.app, &world.admin, others, PAGE).await;
    assert_eq!(found.unwrap().count, 0);
    let employee = &world.employees[0];
    let asked = list_audit(&world.app, employee, AuditSearch::default(), PAGE).await;
    assert!(
        matches!(asked, Err(Error::Denied(Denied::NotAdmin))),
        "{asked:?}"
    );
}

#[tokio::test]
async fn what_changes_about_people_is_told_in_the_same_transaction() {
    for engine in BOTH {
        let world = World::on(engine, 2).await;
        let (emp, company) = (world.employees[0].id(), world.company);
        let boss = world.employees[1].id();
        let change = |emp, change| edit_user(&world.app, &world.admin, emp, change);
        let renamed = UserChange {
            username: Some("new-name".to_owned()),
            email: Some("new@other.example".to_owned()),
            password: Some("Passw0rd!new".to_owned()),
            first_name: Some("Amal".to_owned()),
            ..UserChange::default()
        };

        change(emp, renamed).await.unwrap();
        let promoted = UserChange {
            role: Some(Role::Admin),
            ..UserChange::default()
        };
        change(boss, promoted).await.unwrap();
        let deactivated = deactivate_employee(&world.app, &world.admin, emp, false);
        deactivated.await.unwrap();
        reactivate_employee(&world.app, &world.admin, emp)
            .await
            .unwrap();
        delete_user(&world.app, &world.admin, emp).await.unwrap();
        let refused = UserChange {
            is_active: Some(false),
            ..UserChange::default()
        };
        let admin = world.admin.id();
        let refused = edit_user(&world.app, &world.admin, admin, refused).await;

        assert!(refused.is_err(), "what was not done is not told");
        let promoted = (
            company.get(),
            "role_changed".to_owned(),
            Some(boss.get()),
            "admin".to_owned(),
        );
        let told = [
            line(company, "username_changed", emp.get()),
            line(company, "email_changed", emp.get()),
            line(company, "password_changed", emp.get()),
            promoted,
            line(company, "user_deactivated", emp.get()),
            line(company, "user_activated", emp.get()),
            line(company, "user_deleted", emp.get()),
        ];
        let log = log(&world).await;
        assert_eq!(log, told);
    }
}

#[tokio::test]
async fn what_the_operator_does_is_nobodys_and_the_first_administrator_owns() {
    let world = World::with_employees(0).await;
    let draft = CompanyDraft {
        name: CompanyName::parse("New").unwrap(),
        domain: Domain::parse("new.example").unwrap(),
        specialization: Specialization::Services,
        auto_assign_enabled: false,
        re_assign_enabled: false,
        re_assign_hours: ReAssignHours::DEFAULT,
    };
    let company = create_company(&world.app, &draft).await.unwrap();
    let boss = OperatorUserDraft {
        company,
        username: Username::parse("boss").unwrap(),
        email: Email::parse("boss@new.example").unwrap(),
        first_name: NamePart::parse("").unwrap(),
        last_name: NamePart::parse("").unwrap(),
        role: Role::Admin,
        password: NewPassword::parse("Passw0rd!new").unwrap(),
    };

    let boss = create_user_as_operator(&world.app, &boss).await.unwrap();
    let password = NewPassword::parse("Passw0rd!newer").unwrap();
    set_password(&world.app, "boss", &password).await.unwrap();

    let created = (
        company.get(),
        "company_created".to_owned(),
        None,
        String::new(),
    );
    let person = (
        company.get(),
        "user_created".to_owned(),
        Some(boss.get()),
        "admin".to_owned(),
    );
    let told = [
        created,
        person,
        line(company, "owner_changed", boss.get()),
        line(company, "password_changed", boss.get()),
    ];
    assert_eq!(log(&world).await, told);
    let root = superuser(&world).await;
    for entry in seen_by(&world, &root).await {
        assert_eq!((entry.actor_id, entry.address), (None, None));
    }
}

#[tokio::test]
async fn files_are_told_by_how_many_clients() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        let (app, company, by) = (&world.app, world.company, world.admin.by());
        let file = "name,phone_number\nRana,+963944\nSami,+963955\n";
        for mode in [
            ImportMode::DryRun,
            ImportMode::InSteps,
            ImportMode::AllOrNothing,
        ] {
            let imported = import_clients(app, by, company, file.as_bytes(), mode, &NoProgress);
            imported.await.unwrap();
        }
        let mark = ByteOrderMark::Written;
        let exported = export_clients(app, by, company, std::io::sink(), mark, &NoProgress);
        exported.await.unwrap();

        let seen = seen_by(&world, &world.admin).await.into_iter();
        let seen: Vec<_> = seen.map(|e| (e.kind, e.amount, e.actor_id)).collect();
        let told = |kind: &str| (kind.to_owned(), Some(2), Some(world.admin.id()));
        assert_eq!(
            seen,
            [
                told("clients_exported"),
                told("clients_imported"),
                told("clients_imported"),
            ]
        );
    }
}

#[tokio::test]
async fn whoever_is_not_let_in_is_counted_by_minute_address_and_reason() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        let emp = &world.employees[0];
        let name = &emp.user().username;
        let stranger = Asker::Line("203.0.113.9".parse().ok());
        for login in [name, name, "nobody-of-that-name"] {
            let account = find_account(&world.app, login).await.unwrap();
            let refused = sign_in(&world.app, stranger, account, "let me in").await;
            assert!(matches!(refused, Err(Error::BadCredentials)), "{refused:?}");
        }
        let account = find_account(&world.app, "nobody-else").await.unwrap();
        let language = Language::English;
        let refused = request_code(&world.app, stranger, account, language).await;
        refused.unwrap_err();

        let seen = seen_by(&world, &world.admin).await;
        let [line] = seen.as_slice() else {
            panic!("{seen:?}");
        };
        assert_eq!(line.kind, "sign_in_refused");
        assert_eq!(line.detail.as_deref(), Some("wrong_password"));
        assert_eq!((line.user_id, line.amount), (Some(emp.id()), Some(2)));
        assert_eq!(line.address.as_deref(), Some("203.0.113.9"));
        let everything = log(&world).await;
        let unknown = (
            0,
            "sign_in_refused".to_owned(),
            None,
            "unknown_name".to_owned(),
        );
        assert_eq!(everything.len(), 2, "{everything:?}");
        assert!(everything.contains(&unknown), "{everything:?}");
    }
}

#[tokio::test]
async fn what_is_older_than_400_days_is_deleted() {
    let world = World::with_employees(0).await;
    run_own_sweep(&world.app, &world.admin).await.unwrap();
    world.after_hours(400 * 24);
    run_own_sweep(&world.app, &world.admin).await.unwrap();

    let kept = prune_audit(&world.app, &|| false).await.unwrap();
    world.after_hours(400 * 24 + 1);
    let deleted = prune_audit(&world.app, &|| false).await.unwrap();

    assert_eq!((kept, deleted), (0, 1));
    assert_eq!(log(&world).await.len(), 1);
}
