//! `tawzi setup-schedule`, `tawzi schedule` and `tawzi jobs`.

use crate::support::Installation;

on_both_engines! {
    a_schedule_is_registered_once_and_changed_when_asked,
    a_wrong_expression_is_refused_and_leaves_nothing,
    the_schedule_and_the_jobs_are_shown,
}

fn a_schedule_is_registered_once_and_changed_when_asked(tawzi: &Installation) {
    let created = tawzi.run(&["setup-schedule"]).succeeded();
    let again = tawzi.run(&["setup-schedule"]).succeeded();
    let changed = tawzi
        .run(&["setup-schedule", "--cron", "*/5 * * * *"])
        .succeeded();
    let kept = tawzi.run(&["setup-schedule"]).succeeded();

    assert!(
        created.starts_with("The sweep is scheduled (0 * * * *); it is due next at "),
        "{created}"
    );
    assert!(
        again.starts_with("Nothing changed: the sweep is already scheduled (0 * * * *);"),
        "{again}"
    );
    assert!(
        changed.starts_with("The schedule changed from 0 * * * * to */5 * * * *;"),
        "{changed}"
    );
    assert!(
        kept.starts_with("Nothing changed: the sweep is already scheduled (*/5 * * * *);"),
        "{kept}"
    );
    assert_eq!(
        tawzi.database.lines("SELECT cron FROM schedule"),
        ["*/5 * * * *"]
    );
}

fn a_wrong_expression_is_refused_and_leaves_nothing(tawzi: &Installation) {
    for wrong in [
        "",
        "hourly",
        "* * * *",
        "61 * * * *",
        "* * * * * *",
        "0 0 30 2 *",
    ] {
        let sentence = tawzi.run(&["setup-schedule", "--cron", wrong]).refused();

        assert!(
            sentence.contains("write five fields, such as \"0 * * * *\""),
            "{sentence}"
        );
        assert!(
            tawzi.files().is_empty(),
            "{wrong:?} left {:?}",
            tawzi.files()
        );
    }
}

fn the_schedule_and_the_jobs_are_shown(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let nothing = tawzi.run(&["schedule"]).succeeded();
    let no_jobs = tawzi.run(&["jobs"]).succeeded();
    tawzi.run(&["setup-schedule"]).succeeded();
    let line = tawzi.run(&["schedule"]).succeeded();
    tawzi
        .database
        .execute("UPDATE schedule SET next_run_at = 1750000000000000");
    tawzi.run(&["worker", "--once"]).succeeded();
    let job = tawzi.run(&["jobs", "--limit", "1"]).succeeded();

    assert_eq!(
        nothing,
        "Nothing is scheduled; run `tawzi setup-schedule`.\n"
    );
    assert!(no_jobs.contains("There have been no jobs yet"), "{no_jobs}");
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        words(line.lines().next().unwrap()),
        ["name", "cron", "zone", "switched", "next", "last"]
    );
    assert!(
        line.contains("reassign") && line.contains("0 * * * *") && line.contains("never"),
        "{line}"
    );
    assert!(job.contains("sweep") && job.contains("done"), "{job}");
    assert!(
        job.contains("2025-06-15T15:06:40Z") && job.contains("0 due, 0 moved, 0 kept"),
        "{job}"
    );
}
