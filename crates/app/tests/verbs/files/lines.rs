//! What lines say: columns, names of the company, phone numbers; and what is wrong with them.

use super::{clients, import, imported, pairs, refusal};
use std::fmt::Write as _;
use tawzi_app::{Import, ImportMode};
use tawzi_core::id::ClientId;
use tawzi_testkit::World;

#[tokio::test]
async fn names_of_columns_are_understood_in_both_languages() {
    let expected = pairs(&[("سارة", "0501234567")]);

    for header in [
        "name,phone_number,priority",
        "NAME,Phone Number,Priority",
        "Full name,phone-number,PRIORITY",
        "الاسم,رقم الهاتف,الأولوية",
        "اسم العميل,الجوال,الأولوية",
    ] {
        let world = World::with_employees(1).await;
        let file = format!("{header}\nسارة,0501234567,high\n");
        assert_eq!(imported(&world, file).await, expected, "{header}");
    }
}

#[tokio::test]
async fn columns_that_cannot_be_understood_are_named() {
    let world = World::with_employees(1).await;

    for (header, sentence) in [
        (
            "name,email",
            "names a column \"email\", which clients do not have",
        ),
        (
            "name,email,age",
            "names columns \"email\", \"age\", which clients do not have",
        ),
        ("name,Phone,Mobile", "names the column phone_number twice"),
        ("name,الاسم,x", "names the column name twice"),
        ("phone_number,budget,x", "names a column \"x\""),
        ("phone_number,budget,status", "at least `name`"),
    ] {
        let told = refusal(&world, format!("{header}\nSara,1,2\n")).await;
        assert!(told.contains(sentence), "{told}");
    }
    let told = refusal(&world, "name,\nSara,\nOmar,x\n").await;
    assert_eq!(
        told,
        "line 3: something stands in column 2, which has no name in the first line"
    );
}

#[tokio::test]
async fn an_id_that_nothing_else_confirms_is_no_client_of_the_company() {
    let world = World::with_employees(1).await;
    let there = imported(&world, "name,phone_number\nOld,0501110001\n").await;

    let serial = "name,phone_number,id\nNew,0502220001,1\n";
    let told = import(&world, serial, ImportMode::InSteps.into()).await;
    let told = told.unwrap_err().to_string();
    let confirmed = "name,phone_number,id\nOlder,0501110001,1\n";

    assert!(
        told.starts_with("line 2: id 1 is the client Old, with another name"),
        "{told}"
    );
    assert_eq!(imported(&world, confirmed).await, there);
}

#[tokio::test]
async fn a_number_is_not_taken_for_an_id() {
    let world = World::with_employees(1).await;

    for header in ["Number,Name,Phone", "الرقم,الاسم,رقم الجوال"] {
        let told = refusal(&world, format!("{header}\n1,Sara,0502220001\n")).await;
        assert!(told.contains("which clients do not have"), "{told}");
    }
}

#[tokio::test]
async fn a_column_that_is_to_be_ignored_is_passed_over() {
    let world = World::with_employees(1).await;
    let mut without = Import::from(ImportMode::InSteps);
    without.ignored = vec!["e_mail".to_owned(), "Mobile".to_owned()];

    import(
        &world,
        "name,Phone,E-mail,mobile\nSara,0501234567,a@b.c,x\n",
        without,
    )
    .await
    .unwrap();

    assert_eq!(clients(&world).await, pairs(&[("Sara", "0501234567")]));
}

#[tokio::test]
async fn wrong_lines_are_left_out_when_that_is_asked_for_and_reported_as_they_were() {
    let world = World::with_employees(1).await;
    let file = "name,phone_number,budget\n\
                Sara,0501234567,1\n\
                =Omar,9.66501E+11,\"1,5\"\n\
                \"a \"b\" c\",1,2\n\
                Lina,,much\n\
                Nour,,2\n";
    let mut report = Vec::new();
    let mut skipping = Import::from(ImportMode::InSteps);
    skipping.bad_lines = Some(&mut report);

    let said = import(&world, file, skipping).await.unwrap();

    assert_eq!((said.created, said.bad.count()), (2, 3));
    assert_eq!(
        clients(&world).await,
        pairs(&[("Sara", "0501234567"), ("Nour", "")])
    );
    let report = String::from_utf8(report).unwrap();
    let lines: Vec<_> = report.lines().collect();
    assert_eq!(lines[0], "\u{feff}line,problem,name,phone_number,budget");
    assert!(
        lines[1].starts_with("3,\"phone_number \"\"9.66501E+11\"\" was shortened by"),
        "{report}"
    );
    assert!(
        lines[1].ends_with(",'=Omar,9.66501E+11,\"1,5\""),
        "{report}"
    );
    assert!(
        lines[2].ends_with(",\"\"\"a \"\"b\"\" c\"\",1,2\""),
        "{report}"
    );
    assert!(
        lines[3].ends_with("which is no number\",Lina,,much"),
        "{report}"
    );

    let mended = report
        .replace("9.66501E+11", "966501234567")
        .replace("much", "3");
    let mended: Vec<_> = mended
        .lines()
        .filter(|line| !line.starts_with("4,"))
        .collect();
    import(&world, mended.join("\n"), ImportMode::InSteps.into())
        .await
        .unwrap();
    let expected = [
        ("Sara", "0501234567"),
        ("Nour", ""),
        ("=Omar", "966501234567"),
        ("Lina", ""),
    ];
    assert_eq!(clients(&world).await, pairs(&expected));
}

#[tokio::test]
async fn a_report_has_no_formula_either() {
    let world = World::with_employees(1).await;
    let mut report = Vec::new();
    let mut skipping = Import::from(ImportMode::InSteps);
    skipping.bad_lines = Some(&mut report);

    let file = "name,budget\nSara,;=1\n";
    import(&world, file, skipping).await.unwrap();

    let report = String::from_utf8(report).unwrap();
    let sentence = "\"budget is \"\";'=1\"\", which is no number\"";
    assert_eq!(
        report.lines().nth(1).unwrap(),
        format!("2,{sentence},Sara,;'=1")
    );
}

#[tokio::test]
async fn a_dry_run_tells_of_wrong_lines_what_an_import_would() {
    let world = World::with_employees(1).await;
    let mut file = "name,budget\n".to_owned();
    for line in 0..30 {
        let budget = if line % 10 == 0 { "1" } else { "x" };
        writeln!(file, "c{line},{budget}").unwrap();
    }
    let mut dry = Import::from(ImportMode::DryRun);
    let mut written = std::io::sink();
    dry.bad_lines = Some(&mut written);

    let report = import(&world, &file, dry).await.unwrap();
    let refused = refusal(&world, &file).await;

    assert_eq!((report.created, report.bad.count()), (3, 27));
    assert_eq!(report.bad.told().join("\n"), refused);
    assert!(refused.ends_with("\nand 7 more lines"), "{refused}");
}

#[tokio::test]
async fn names_of_the_company_are_found_in_any_case() {
    let world = World::with_employees(2).await;
    let (status, second) = (
        world
            .status("متابعة أولى", tawzi_core::status::StatusCategory::FollowUp)
            .await,
        &world.employees[1],
    );
    let (name, email) = (&second.user().username, &second.user().email);

    let file = format!(
        "name,status,assigned_to\nA,متابعه اولي,{}\nB,متابعة  أُولى,{}\n",
        name.to_uppercase(),
        email.to_uppercase()
    );
    import(&world, file, ImportMode::InSteps.into())
        .await
        .unwrap();

    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(world.company);
    let clients = tenant.clients_behind(ClientId::new(0), 10).await.unwrap();
    for client in clients {
        assert_eq!(client.status_id, Some(status), "{}", client.name);
        assert_eq!(client.assigned_to, Some(second.id()), "{}", client.name);
    }
}

#[tokio::test]
async fn a_name_that_may_be_two_statuses_is_not_guessed() {
    let world = World::with_employees(1).await;
    let category = tawzi_core::status::StatusCategory::Active;
    let small = world.status("new", category).await;
    world.status("NEW", category).await;

    let told = refusal(&world, "name,status\nA,New\n").await;
    imported(&world, "name,status\nA,new\n").await;

    assert!(
        told.ends_with("which may be \"NEW\" or \"new\"; write which"),
        "{told}"
    );
    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(world.company);
    let clients = tenant.clients_behind(ClientId::new(0), 10).await.unwrap();
    assert_eq!(clients[0].status_id, Some(small));
}

#[tokio::test]
async fn somebody_who_is_not_active_any_more_gets_a_sentence_of_their_own() {
    let world = World::with_employees(2).await;
    let gone = &world.employees[0];
    let deactivated = tawzi_app::deactivate_employee(&world.app, &world.admin, gone.id(), false);
    deactivated.await.unwrap();

    let file = format!("name,assigned_to\nA,{}\nB,nobody\n", gone.user().username);
    let told = refusal(&world, file).await;

    assert!(told.contains(", who is not active any more"), "{told}");
    assert!(
        told.contains("line 3: assigned_to is \"nobody\", which the company does not have"),
        "{told}"
    );
}

#[tokio::test]
async fn a_phone_number_that_a_spreadsheet_has_spoilt_is_refused_with_its_line() {
    let world = World::with_employees(1).await;

    let told = refusal(
        &world,
        "name,phone_number,other_phone_numbers\nA,9.66501E+11,\nB,#####,\nC,,050;8E9\n",
    )
    .await;
    let kept = imported(&world, "name,phone_number\nD,966501234567.0\n").await;

    let lines: Vec<_> = told.lines().collect();
    assert!(
        lines[0].starts_with("line 2: phone_number \"9.66501E+11\" was shortened by a spreadsheet"),
        "{told}"
    );
    assert!(
        lines[1].starts_with("line 3: phone_number \"#####\" is what a spreadsheet"),
        "{told}"
    );
    assert!(
        lines[2].starts_with("line 4: other_phone_numbers \"8E9\" was shortened"),
        "{told}"
    );
    assert_eq!(kept, pairs(&[("D", "966501234567")]));
}

#[tokio::test]
async fn people_of_the_same_name_stay_two_and_a_file_is_imported_once() {
    let world = World::with_employees(2).await;
    let file =
        "name,phone_number\nMohammed Ahmad,\nMohammed Ahmad,\nSara,0501234567\nSara,0501234567\n";

    let dry = import(&world, file, ImportMode::DryRun.into())
        .await
        .unwrap();
    let first = import(&world, file, ImportMode::InSteps.into())
        .await
        .unwrap();
    let again = import(&world, file, ImportMode::InSteps.into())
        .await
        .unwrap();
    let another = import(&world, "name\nMohammed Ahmad\n", ImportMode::InSteps.into())
        .await
        .unwrap();
    let number = import(
        &world,
        "phone,name\n0501234567,Sara\n",
        ImportMode::InSteps.into(),
    )
    .await
    .unwrap();

    assert_eq!(dry, first);
    assert_eq!((first.created, first.repeated), (3, 1));
    assert_eq!(
        first.twice.told(),
        ["line 5: says the same client as line 4, phone number and all"]
    );
    assert_eq!((again.created, again.repeated), (0, 4));
    assert_eq!((another.created, another.repeated), (1, 0));
    assert_eq!((number.created, number.repeated), (0, 1));
}

#[tokio::test]
async fn amounts_are_understood_as_spreadsheets_of_many_countries_write_them() {
    let world = World::with_employees(1).await;

    import(
        &world,
        "name;budget\nA;1500,50\nB;١٥٠٠٫٥\nC;1500.5\n",
        ImportMode::InSteps.into(),
    )
    .await
    .unwrap();

    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(world.company);
    let clients = tenant.clients_behind(ClientId::new(0), 10).await.unwrap();
    let budgets: Vec<_> = clients
        .iter()
        .map(|client| client.budget_hundredths.unwrap().to_string())
        .collect();
    assert_eq!(budgets, ["1500.50", "1500.50", "1500.50"]);
    let told = import(&world, "name;budget\nD;1,500\n", ImportMode::InSteps.into())
        .await
        .unwrap_err();
    assert!(
        told.to_string()
            .contains("budget is \"1,500\", which is no number"),
        "{told}"
    );
}
