//! Servers of PostgreSQL and MariaDB that live as long as a test, where they are
//! installed.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that listens on a socket in its own directory.
pub(crate) struct Server {
    socket: PathBuf,
    keeper: Child,
}

/// Stops the server when its standard input ends, which it does with this process,
/// however that dies.
const KEEPER: &str = "D=$1; S=$2; shift 2; \"$@\" & read _; kill -$S $!; wait $!; rm -rf \"$D\"";
/// The signal on which PostgreSQL does not wait for its clients.
#[cfg(feature = "postgres")]
const FAST: &str = "INT";

impl Server {
    /// Starts PostgreSQL; `None` where it is not installed.
    #[cfg(feature = "postgres")]
    pub(crate) fn postgres() -> Option<Server> {
        let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let packaged = packaged.flatten().map(|entry| entry.path().join("bin"));
        let binaries = find(packaged, "initdb")?;
        let directory = directory("pg");
        let data = directory.join("data");
        let options = "-U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync -D";
        let made = unprivileged(&binaries.join("initdb"), &directory)
            .args(options.split(' '))
            .arg(&data)
            .status();
        assert!(made.expect("initdb").success());
        let mut server = Command::new(binaries.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(&directory);
        server.args(["-c", "listen_addresses=", "-c", "fsync=off"]);
        let socket = directory.join(".s.PGSQL.5432");
        Some(Server::start(&directory, socket, FAST, &server))
    }

    /// Starts MariaDB; `None` where it is not installed.
    #[cfg(feature = "mysql")]
    pub(crate) fn mariadb() -> Option<Server> {
        let binaries = find([PathBuf::from("/usr/sbin")].into_iter(), "mariadbd")?;
        let installer = find(
            [PathBuf::from("/usr/bin")].into_iter(),
            "mariadb-install-db",
        )?;
        let directory = directory("maria");
        let data = format!("--datadir={}", directory.join("data").display());
        let made = unprivileged(&installer.join("mariadb-install-db"), &directory)
            .args(["--no-defaults", "--skip-test-db", &data])
            .arg("--auth-root-authentication-method=normal")
            .status();
        assert!(made.expect("mariadb-install-db").success());
        let socket = directory.join("socket");
        let mut server = Command::new(binaries.join("mariadbd"));
        server.args(["--no-defaults", "--skip-networking", &data]);
        server.arg(format!("--socket={}", socket.display()));
        server.arg(format!("--pid-file={}", directory.join("pid").display()));
        Some(Server::start(&directory, socket, "TERM", &server))
    }

    fn start(directory: &Path, socket: PathBuf, signal: &str, server: &Command) -> Server {
        let keeper = unprivileged(Path::new("sh"), directory)
            .args(["-c", KEEPER, "sh"])
            .arg(directory)
            .arg(signal)
            .arg(server.get_program())
            .args(server.get_args())
            .stdin(Stdio::piped())
            .spawn();
        let started = Instant::now();
        let server = Server {
            socket,
            keeper: keeper.expect("a server"),
        };
        while UnixStream::connect(&server.socket).is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "no server");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The address of a database of PostgreSQL.
    #[cfg(feature = "postgres")]
    pub(crate) fn postgres_url(&self, name: &str) -> String {
        let directory = self.socket.parent().expect("a directory");
        let host = directory.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}/{name}?sslmode=disable")
    }

    /// The address of a database of MariaDB.
    #[cfg(feature = "mysql")]
    pub(crate) fn mysql_url(&self, name: &str) -> String {
        format!(
            "mysql://root@localhost/{name}?socket={}",
            self.socket.display()
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The first directory that has a program: of the search path, or of these.
fn find(more: impl Iterator<Item = PathBuf>, program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let searched = std::env::split_paths(&path).filter_map(|directory| {
        let real = directory.join(program).canonicalize().ok()?;
        Some(real.parent()?.to_owned())
    });
    let found = searched.chain(more).find(|one| one.join(program).is_file());
    if found.is_none() {
        let skipped = format!("skipped what needs {program}, which is not installed\n");
        let _ = std::io::stderr().write_all(skipped.as_bytes());
    }
    found
}

fn directory(name: &str) -> PathBuf {
    // The path of a socket has 107 bytes at most.
    let name = format!("jsonsql-cli-{name}-{}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir(&directory).expect("a directory");
    directory
}

/// A command of the user `nobody` where this one is root, as neither server wants to be.
fn unprivileged(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if is_root {
        let users = fs::read_to_string("/etc/passwd").expect("users");
        let nobody = users.lines().find(|line| line.starts_with("nobody:"));
        let mut ids = nobody.expect("nobody").split(':').skip(2);
        let mut id = || ids.next().and_then(|id| id.parse().ok()).expect("an id");
        let (user, group) = (id(), id());
        chown(directory, Some(user), Some(group)).expect("the directory of nobody");
        command.uid(user).gid(group);
    }
    command
}
