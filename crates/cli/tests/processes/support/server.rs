//! Servers, and people who are signed in to them.

use super::{Installation, Running, wait_until};
use serde_json::{Value, json};
use std::time::Duration;

/// A server on a free port.
pub(crate) struct Server {
    process: Running,
    address: String,
}

impl Server {
    /// Starts one, without a worker, and waits until it listens.
    pub(crate) fn start(tawzi: &Installation) -> Self {
        Self::start_with(tawzi, &["--no-worker"], &[])
    }

    /// Starts one with those options and settings, and waits until it listens.
    pub(crate) fn start_with(
        tawzi: &Installation,
        options: &[&str],
        settings: &[(&str, &str)],
    ) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], options].concat();
        let process = tawzi.start_in(settings, "", &args);
        let mut address = String::new();
        wait_until("the server listens", Duration::from_secs(30), || {
            let said = process.said();
            let found = said
                .split_once("Listening: ")
                .and_then(|(_, rest)| rest.split_once('\n'));
            found.is_some_and(|(url, _)| {
                url.clone_into(&mut address);
                true
            })
        });
        Self { process, address }
    }

    /// Signs somebody in.
    pub(crate) fn sign_in(&self, username: &str, password: &str) -> SignedIn {
        let body = json!({ "username": username, "password": password });
        let url = format!("{}api/auth/login/", self.address);
        let mut answer = ureq::post(url).send_json(body).unwrap();
        let tokens: Value = answer.body_mut().read_json().unwrap();
        SignedIn {
            agent: ureq::agent(),
            address: self.address.clone(),
            bearer: format!("Bearer {}", tokens["access"].as_str().unwrap()),
        }
    }

    /// The status and the body of the answer to a request by nobody in particular.
    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post_from("", path, body)
    }

    /// The same, as a proxy passes it on for that address.
    pub(crate) fn post_from(&self, address: &str, path: &str, body: &Value) -> (u16, Value) {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let request = agent.post(format!("{}api/{path}", self.address));
        let request = request.header("X-Forwarded-For", address);
        let mut answer = request.send_json(body).unwrap();
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_json().unwrap())
    }

    /// How many threads answer requests.
    pub(crate) fn threads(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/task", self.process.id()))
            .unwrap()
            .map(|thread| std::fs::read_to_string(thread.unwrap().path().join("comm")).unwrap())
            .filter(|name| name.starts_with("tokio"))
            .count()
    }

    /// How much memory it holds, in MiB.
    pub(crate) fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kib.unwrap().parse::<u64>().unwrap() / 1024
    }

    /// What it has written to its log so far.
    pub(crate) fn log(&self) -> String {
        self.process.logged()
    }

    /// The line of its log that says that.
    pub(crate) fn logged(&self, what: &str) -> String {
        let mut found = None;
        wait_until(what, Duration::from_secs(10), || {
            let log = self.log();
            found = log
                .lines()
                .find(|line| line.contains(what))
                .map(str::to_owned);
            found.is_some()
        });
        found.unwrap()
    }

    /// Cuts it off in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }
}

/// Somebody who is signed in to a server.
pub(crate) struct SignedIn {
    agent: ureq::Agent,
    address: String,
    bearer: String,
}

impl SignedIn {
    /// Creates a client and gives its id; `None` when the server is gone.
    pub(crate) fn create_client(&self, name: &str) -> Option<i64> {
        let request = self
            .agent
            .post(format!("{}api/clients/", self.address))
            .header("Authorization", &self.bearer);
        let body = json!({ "name": name, "priority": "high", "type": "fresh", "company": 1 });
        match request.send_json(body) {
            Ok(mut answer) => {
                let client: Value = answer.body_mut().read_json().ok()?;
                client["id"].as_i64()
            }
            Err(ureq::Error::StatusCode(code)) => panic!("answered with {code}"),
            Err(_) => None,
        }
    }
}
