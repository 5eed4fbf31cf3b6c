//! `accounts`: by account number or MAC address.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::call::Call;
use super::identifier::Guess;
use super::outcome::{Outcome, rows};
use super::php_serde::{Rows, filled};
use super::{Account, AccountKey, AccountKeys, AccountPatch, Ministra, NewAccount};
use crate::error::{Error, Result};

/// Accounts, by account number or MAC address.
#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a>(pub(super) &'a Ministra);

const LIST: &str = "a list of accounts";

impl Accounts<'_> {
    /// All there are. The server makes several queries for each: see
    /// [`list_timeout`](crate::ClientBuilder::list_timeout).
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// for account in ministra.accounts().list().await? {
    ///     println!("{:?} {:?}", account.account_number, account.stb_mac);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<Account>> {
        let Rows(accounts) = self
            .0
            .call(Call::new("GET accounts").patient(), LIST)
            .await?;
        rows(self.0, "GET accounts", accounts)
    }

    /// All there are, each read by itself: one that cannot be read spoils no
    /// other.
    pub(crate) async fn each(&self) -> Result<Vec<Result<Account, Unreadable>>> {
        let Rows(accounts) = self
            .0
            .call(Call::new("GET accounts").patient(), LIST)
            .await?;
        let accounts: Vec<Each> = rows(self.0, "GET accounts", accounts)?;
        Ok(accounts.into_iter().map(|Each(account)| account).collect())
    }

    /// Those of these account numbers or boxes. A number can have several
    /// accounts; one that is not there among several goes unnoticed if another
    /// has two.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::AccountNumber;
    ///
    /// let boxes = ministra.accounts().get(&AccountNumber::new("1553")?).await?;
    /// println!("{} boxes", boxes.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found) if one is missing and that is noticed.
    pub async fn get(&self, of: impl Into<AccountKeys>) -> Result<Vec<Account>> {
        const GET: &str = "GET accounts";
        let identifiers = of.into().identifiers(GET, Guess::ByColon)?;
        let Rows(accounts) = self.0.call(Call::new(GET).of(identifiers), LIST).await?;
        rows(self.0, GET, accounts)
    }

    /// Creates an account. Its id is not answered.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::{Login, NewAccount};
    ///
    /// let new = NewAccount {
    ///     full_name: Some("Ivan Ivanov".to_owned()),
    ///     ..NewAccount::new(Login::new("ivanov")?)
    /// };
    /// ministra.accounts().create(&new).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A [conflict](crate::Error::is_conflict) if the login or the box is
    /// another's. A plan that is not known is no error: it becomes the default one.
    pub async fn create(&self, new: &NewAccount) -> Result<()> {
        const POST: &str = "POST accounts";
        create(self.0, POST, new).await
    }

    /// Changes all accounts of the number, or the one with the box.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::{AccountNumber, AccountPatch};
    ///
    /// let off = AccountPatch { status: Some(false), ..AccountPatch::default() };
    /// ministra.accounts().update(&AccountNumber::new("1553")?, &off).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found), or a
    /// [conflict](crate::Error::is_conflict) if the login is another's.
    pub async fn update(&self, of: impl Into<AccountKey>, patch: &AccountPatch) -> Result<()> {
        const PUT: &str = "PUT accounts";
        let of = of.into();
        // Done twice, the second would look for what is no longer there.
        let keeps_its_key = match of {
            AccountKey::Number(_) => patch.account_number.is_keep(),
            AccountKey::Mac(_) => patch.stb_mac.is_keep(),
        };
        let call = Call::new(PUT)
            .of(of.identifiers(PUT, Guess::ByColon)?)
            .form(patch.form(PUT)?)
            .repeatable_if(keeps_its_key);
        let outcome: Outcome = self.0.call(call, "true").await?;
        outcome.or_not_applied(self.0, PUT)
    }

    /// Deletes all accounts of the number, or the one with the box. What they
    /// were subscribed to stays in the database, out of sight.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::AccountNumber;
    ///
    /// ministra.accounts().delete(&AccountNumber::new("1553")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn delete(&self, of: impl Into<AccountKey>) -> Result<()> {
        const DELETE: &str = "DELETE accounts";
        let identifiers = of.into().identifiers(DELETE, Guess::ByColon)?;
        delete(self.0, DELETE, identifiers).await
    }
}

/// An account that cannot be read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Its login, or its box if it has none.
    pub(crate) id: String,
    pub(crate) account_number: Option<String>,
    /// The place, without the value.
    pub(crate) reason: String,
}

struct Each(Result<Account, Unreadable>);

impl<'de> Deserialize<'de> for Each {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Each, D::Error> {
        #[derive(Deserialize)]
        struct Named {
            #[serde(default, deserialize_with = "filled")]
            login: Option<String>,
            #[serde(default, deserialize_with = "filled")]
            account_number: Option<String>,
            #[serde(default, deserialize_with = "filled")]
            stb_mac: Option<String>,
        }
        let text = Box::<RawValue>::deserialize(from)?;
        let mut reader = serde_json::Deserializer::from_str(text.get());
        let account = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let named: Option<Named> = serde_json::from_str(text.get()).ok();
            let (id, account_number) = match named {
                Some(named) => (named.login.or(named.stb_mac), named.account_number),
                None => (None, None),
            };
            Unreadable {
                id: id.unwrap_or_default(),
                account_number,
                reason: format!("`{}` cannot be read", error.path()),
            }
        });
        Ok(Each(account))
    }
}

pub(super) async fn create(
    ministra: &Ministra,
    operation: &'static str,
    new: &NewAccount,
) -> Result<()> {
    let call = Call::new(operation).form(new.form(operation)?);
    let outcome: Outcome = ministra.call(call, "true").await?;
    outcome.or_not_applied(ministra, operation)
}

pub(super) async fn delete(
    ministra: &Ministra,
    operation: &'static str,
    identifiers: Vec<String>,
) -> Result<()> {
    let call = Call::new(operation).of(identifiers).repeatable_if(true);
    let deleted: Result<Outcome> = ministra.call(call, "true").await;
    match deleted {
        Ok(outcome) => outcome.or_not_applied(ministra, operation),
        // Asked again after a lost answer, it is gone.
        Err(Error::Indeterminate(lost)) if lost.cause().is_not_found() => Ok(()),
        Err(error) => Err(error),
    }
}
