//! The attributes, with errors that point at what is wrong in them.

use std::collections::HashSet;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Path, parse_quote};

use crate::hygiene::generated;
use crate::names::Case;

/// `#[table(…)]`.
#[derive(Default)]
pub(crate) struct TableAttributes {
    pub(crate) name: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) reserved: Vec<LitStr>,
    krate: Option<Path>,
}

impl TableAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut table = TableAttributes::default();
        each(attributes, "table", |meta| match name_of(&meta).as_str() {
            "name" => set(&meta, &mut table.name, identifier(&meta)?),
            "rename_all" => set(&meta, &mut table.rename_all, Case::parse(&string(&meta)?)?),
            "reserved" => meta.parse_nested_list(|name| table.reserved.push(name)),
            "crate" => set(&meta, &mut table.krate, krate(&meta)?),
            _ => Err(meta.error(
                "expected `name = \"…\"`, `rename_all = \"…\"`, `reserved(\"…\")` or `crate = …`",
            )),
        })?;
        misplaced(attributes, "column", "a field")?;
        let mut known = HashSet::new();
        for name in &table.reserved {
            checked(name)?;
            if !known.insert(name.value()) {
                let message = format!("`{}` is reserved twice", name.value());
                return Err(syn::Error::new(name.span(), message));
            }
        }
        Ok(table)
    }

    pub(crate) fn krate(&self) -> Path {
        or_jsonsql(self.krate.as_ref())
    }
}

/// `#[column(…)]`.
#[derive(Default)]
pub(crate) struct ColumnAttributes {
    pub(crate) key: bool,
    pub(crate) generated: bool,
    pub(crate) default: bool,
    pub(crate) name: Option<LitStr>,
}

impl ColumnAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut column = ColumnAttributes::default();
        each(attributes, "column", |meta| match name_of(&meta).as_str() {
            "key" => flag(&meta, &mut column.key),
            "generated" => flag(&meta, &mut column.generated),
            "default" => flag(&meta, &mut column.default),
            "name" => set(&meta, &mut column.name, identifier(&meta)?),
            _ => Err(meta.error("expected `key`, `generated`, `default` or `name = \"…\"`")),
        })?;
        misplaced(attributes, "table", "the struct")?;
        Ok(column)
    }
}

/// `#[insertable(…)]` or `#[changeset(…)]`.
pub(crate) struct TargetAttributes {
    pub(crate) table: Path,
    pub(crate) krate: Path,
}

impl TargetAttributes {
    pub(crate) fn parse(
        attributes: &[Attribute],
        attribute: &'static str,
        ident: &syn::Ident,
    ) -> syn::Result<Self> {
        let (mut table, mut of) = (None, None);
        each(attributes, attribute, |meta| {
            match name_of(&meta).as_str() {
                "table" => set(&meta, &mut table, meta.value()?.parse()?),
                "crate" => set(&meta, &mut of, krate(&meta)?),
                _ => Err(meta.error("expected `table = TheTable` or `crate = …`")),
            }
        })?;
        let table = table.ok_or_else(|| {
            syn::Error::new(
                ident.span(),
                format!("say which table `{ident}` is for: `#[{attribute}(table = TheTable)]`"),
            )
        })?;
        Ok(TargetAttributes {
            table,
            krate: or_jsonsql(of.as_ref()),
        })
    }
}

/// `#[sql(…)]` of an enum or of a variant.
#[derive(Default)]
pub(crate) struct SqlAttributes {
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    krate: Option<Path>,
}

impl SqlAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut sql = SqlAttributes::default();
        each(attributes, "sql", |meta| match name_of(&meta).as_str() {
            "rename" => set(&meta, &mut sql.rename, string(&meta)?),
            "rename_all" => set(&meta, &mut sql.rename_all, Case::parse(&string(&meta)?)?),
            "crate" => set(&meta, &mut sql.krate, krate(&meta)?),
            _ => Err(meta.error("expected `rename = \"…\"`, `rename_all = \"…\"` or `crate = …`")),
        })?;
        Ok(sql)
    }

    pub(crate) fn krate(&self) -> Path {
        or_jsonsql(self.krate.as_ref())
    }
}

/// `#[row(…)]` of a struct.
#[derive(Default)]
pub(crate) struct RowAttributes {
    pub(crate) table: Option<Path>,
    krate: Option<Path>,
}

impl RowAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut row = RowAttributes::default();
        each(attributes, "row", |meta| match name_of(&meta).as_str() {
            "table" => set(&meta, &mut row.table, meta.value()?.parse()?),
            "crate" => set(&meta, &mut row.krate, krate(&meta)?),
            _ => Err(meta.error("expected `table = TheTable` or `crate = …`")),
        })?;
        Ok(row)
    }

    pub(crate) fn krate(&self) -> Path {
        or_jsonsql(self.krate.as_ref())
    }
}

/// `#[row(…)]` of a field.
#[derive(Default)]
pub(crate) struct RowFieldAttributes {
    pub(crate) key: bool,
    pub(crate) skip: bool,
    pub(crate) default: bool,
    pub(crate) rename: Option<syn::Ident>,
}

impl RowFieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut field = RowFieldAttributes::default();
        each(attributes, "row", |meta| match name_of(&meta).as_str() {
            "key" => flag(&meta, &mut field.key),
            "skip" => flag(&meta, &mut field.skip),
            "default" => flag(&meta, &mut field.default),
            "rename" => {
                let ident = field_name(&string(&meta)?)?;
                set(&meta, &mut field.rename, ident)
            }
            _ => Err(meta.error("expected `key`, `skip`, `default` or `rename = \"…\"`")),
        })?;
        Ok(field)
    }
}

fn each(
    attributes: &[Attribute],
    name: &str,
    mut take: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>,
) -> syn::Result<()> {
    for attribute in attributes
        .iter()
        .filter(|known| known.path().is_ident(name))
    {
        attribute.parse_nested_meta(&mut take)?;
    }
    Ok(())
}

fn name_of(meta: &ParseNestedMeta<'_>) -> String {
    meta.path
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn flag(meta: &ParseNestedMeta<'_>, flag: &mut bool) -> syn::Result<()> {
    if std::mem::replace(flag, true) {
        return Err(twice(meta));
    }
    Ok(())
}

fn set<T>(meta: &ParseNestedMeta<'_>, slot: &mut Option<T>, value: T) -> syn::Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice(meta)),
    }
}

fn twice(meta: &ParseNestedMeta<'_>) -> syn::Error {
    meta.error(format!("`{}` stands twice", meta.path.to_token_stream()))
}

fn string(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    meta.value()?.parse()
}

/// A path to this crate, for programs that know it by another name: as a path
/// or, as serde has it, as a text of one.
fn krate(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let value = meta.value()?;
    if value.peek(LitStr) {
        value.parse::<LitStr>()?.parse_with(Path::parse_mod_style)
    } else {
        value.call(Path::parse_mod_style)
    }
}

fn or_jsonsql(krate: Option<&Path>) -> Path {
    match krate.map(generated) {
        Some(krate) => parse_quote!(#krate),
        None => parse_quote!(::jsonsql),
    }
}

/// Refuses an attribute that has its place elsewhere, where nobody would look
/// at it.
fn misplaced(attributes: &[Attribute], name: &str, place: &str) -> syn::Result<()> {
    match attributes
        .iter()
        .find(|attribute| attribute.path().is_ident(name))
    {
        None => Ok(()),
        Some(attribute) => Err(syn::Error::new_spanned(
            attribute.path(),
            format!("`#[{name}(…)]` belongs on {place}"),
        )),
    }
}

/// The name of a table or column on the wire.
fn identifier(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    let name = string(meta)?;
    checked(&name)?;
    Ok(name)
}

/// The name of a field, which may be a key word, with `r#` or without.
fn field_name(name: &LitStr) -> syn::Result<syn::Ident> {
    let ident = name.parse_with(syn::Ident::parse_any)?;
    Ok(match syn::parse2(ident.to_token_stream()) {
        Ok(ident) => ident,
        Err(_) => syn::Ident::new_raw(&ident.to_string(), ident.span()),
    })
}

/// Refuses what no table or column can be called.
fn checked(name: &LitStr) -> syn::Result<()> {
    let value = name.value();
    let message = if value.is_empty() {
        "a name cannot be empty"
    } else if value == "*" {
        "`*` is every column and no name"
    } else if value.contains(|letter: char| letter.is_control() || "\"'`\\".contains(letter)) {
        "a name has no quotes, backslashes or control characters"
    } else {
        return Ok(());
    };
    Err(syn::Error::new(name.span(), message))
}

/// `reserved("email", "phone")`.
trait NestedList {
    fn parse_nested_list(&self, push: impl FnMut(LitStr)) -> syn::Result<()>;
}

impl NestedList for ParseNestedMeta<'_> {
    fn parse_nested_list(&self, push: impl FnMut(LitStr)) -> syn::Result<()> {
        let content;
        syn::parenthesized!(content in self.input);
        content
            .parse_terminated(<LitStr as syn::parse::Parse>::parse, syn::Token![,])?
            .into_iter()
            .for_each(push);
        Ok(())
    }
}
