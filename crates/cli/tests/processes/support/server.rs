//! Servers, and people who are signed in to them.

use super::{Installation, Running, wait_until};
use serde_json::{Value, json};
use std::net::SocketAddr;
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
        Self::listening(tawzi.start_in(settings, "", &args))
    }

    /// Starts one under limits of descriptors, as options of the shell's `ulimit`, and waits until it listens.
    pub(crate) fn start_limited(tawzi: &Installation, limits: &str, options: &[&str]) -> Self {
        let args = [
            &["serve", "--listen", "127.0.0.1:0", "--no-worker"],
            options,
        ]
        .concat();
        Self::listening(tawzi.start_limited(limits, &args))
    }

    fn listening(process: Running) -> Self {
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
        self.with(tokens["access"].as_str().unwrap())
    }

    /// Whoever has that token or API key.
    pub(crate) fn with(&self, token: &str) -> SignedIn {
        SignedIn {
            agent: agent(),
            address: self.address.clone(),
            token: token.to_owned(),
        }
    }

    /// The status and the body of the answer to a request by nobody in particular.
    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post_from("", path, body)
    }

    /// The same, as a proxy passes it on for that address.
    pub(crate) fn post_from(&self, address: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = agent().post(format!("{}api/{path}", self.address));
        let request = request.header("X-Forwarded-For", address);
        let mut answer = request.send_json(body).unwrap();
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_json().unwrap())
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        let address = self.address.trim_start_matches("http://");
        address.trim_end_matches('/').parse().unwrap()
    }

    /// How many descriptors it may have: now, and at most.
    pub(crate) fn descriptors(&self) -> (String, String) {
        let limits = format!("/proc/{}/limits", self.process.id());
        let limits = std::fs::read_to_string(limits).unwrap();
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"));
        let mut numbers = line.unwrap().split_whitespace().map(str::to_owned);
        (numbers.next().unwrap(), numbers.next().unwrap())
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
    token: String,
}

/// For which every status is an answer.
fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    config.build().new_agent()
}

impl SignedIn {
    /// The token or API key.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Creates a client of that company and gives its id; `None` when the server is gone.
    pub(crate) fn create_client_of(&self, company: i64, name: &str) -> Option<i64> {
        let body = json!({ "name": name, "priority": "high", "type": "fresh", "company": company });
        let (status, client) = self.try_post("clients/", &body)?;
        assert_eq!(status, 201, "{client}");
        client["id"].as_i64()
    }

    /// The status and the body of the answer to a request.
    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.try_post(path, body).unwrap()
    }

    /// The status of the answer to a request to delete something.
    pub(crate) fn delete(&self, path: &str) -> u16 {
        let request = self
            .agent
            .delete(format!("{}api/{path}", self.address))
            .header("Authorization", format!("Bearer {}", self.token));
        request.call().unwrap().status().as_u16()
    }

    fn try_post(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        let request = self
            .agent
            .post(format!("{}api/{path}", self.address))
            .header("Authorization", format!("Bearer {}", self.token));
        let mut answer = request.send_json(body).ok()?;
        let status = answer.status().as_u16();
        if status == 204 {
            return Some((status, Value::Null));
        }
        Some((status, answer.body_mut().read_json().ok()?))
    }
}
