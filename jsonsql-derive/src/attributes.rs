//! The attributes, with errors that point at what is wrong in them.

use quote::ToTokens;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Path};

use crate::names::Case;

/// `#[table(…)]`.
#[derive(Default)]
pub(crate) struct TableAttributes {
    pub(crate) name: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) reserved: Vec<LitStr>,
}

impl TableAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut table = TableAttributes::default();
        each(attributes, "table", |meta| match name_of(&meta).as_str() {
            "name" => set(&meta, &mut table.name, identifier(&meta)?),
            "rename_all" => set(&meta, &mut table.rename_all, Case::parse(&string(&meta)?)?),
            "reserved" => meta.parse_nested_list(|name| table.reserved.push(name)),
            _ => {
                Err(meta
                    .error("expected `name = \"…\"`, `rename_all = \"…\"` or `reserved(\"…\")`"))
            }
        })?;
        Ok(table)
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
        Ok(column)
    }
}

/// An attribute whose only content is `table = Path`.
pub(crate) fn target_table(
    attributes: &[Attribute],
    attribute: &'static str,
    ident: &syn::Ident,
) -> syn::Result<Path> {
    let mut table = None;
    each(attributes, attribute, |meta| {
        match name_of(&meta).as_str() {
            "table" => {
                let path: Path = meta.value()?.parse()?;
                set(&meta, &mut table, path)
            }
            _ => Err(meta.error("expected `table = TheTable`")),
        }
    })?;
    table.ok_or_else(|| {
        syn::Error::new(
            ident.span(),
            format!("say which table `{ident}` is for: `#[{attribute}(table = TheTable)]`"),
        )
    })
}

/// `#[sql(…)]` of an enum or of a variant.
#[derive(Default)]
pub(crate) struct SqlAttributes {
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
}

impl SqlAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut sql = SqlAttributes::default();
        each(attributes, "sql", |meta| match name_of(&meta).as_str() {
            "rename" => set(&meta, &mut sql.rename, string(&meta)?),
            "rename_all" => set(&meta, &mut sql.rename_all, Case::parse(&string(&meta)?)?),
            _ => Err(meta.error("expected `rename = \"…\"` or `rename_all = \"…\"`")),
        })?;
        Ok(sql)
    }
}

/// `#[row(…)]` of a struct.
#[derive(Default)]
pub(crate) struct RowAttributes {
    pub(crate) table: Option<Path>,
}

impl RowAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut row = RowAttributes::default();
        each(attributes, "row", |meta| match name_of(&meta).as_str() {
            "table" => {
                let path: Path = meta.value()?.parse()?;
                set(&meta, &mut row.table, path)
            }
            _ => Err(meta.error("expected `table = TheTable`")),
        })?;
        Ok(row)
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
                let name = identifier(&meta)?;
                let ident = name.parse()?;
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

/// A name on the wire, which may not be empty.
fn identifier(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    let name = string(meta)?;
    if name.value().is_empty() {
        return Err(syn::Error::new(name.span(), "a name cannot be empty"));
    }
    Ok(name)
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
