//! The step that makes the first administrator, who has signed in with it.

use crate::base::limits;
use crate::base::text::LoginName;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::person::Profile;
use crate::domain::identity::session as sessions;
use crate::domain::setup::{self, Error, Step};
use crate::domain::surface::Surface;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::SURFACE;
use crate::surface::pages::field::Field;
use crate::surface::pages::setup::typed::{Typed, View};
use crate::surface::pages::setup::{after, path_of};
use crate::surface::pages::words::{Words, setup as words};
use crate::surface::pages::{name, password};
use crate::surface::session;
use maud::{Markup, html};

/// What the step asks for. An administrator who comes back sees that it is done.
pub(in crate::surface::pages) fn fields(view: &View<'_>, typed: &Typed) -> (Words, Words, Markup) {
    let language = view.frame.language;
    if view.gate.progress.administrator {
        let done = html! { p { (view.say(words::CODE_DONE)) } };
        return (words::ADMIN_TITLE, words::ADMIN_LEAD, done);
    }
    let least = limits::PASSWORD_CHARS_MIN.to_string();
    let fields = [
        Field::new("name", words::FULL_NAME)
            .value(typed.value("name", ""))
            .autocomplete("name")
            .error(typed.error("name")),
        Field::new("login", words::LOGIN)
            .value(typed.value("login", ""))
            .autocomplete("username")
            .chars_max(limits::LOGIN_CHARS_MAX)
            .hint(view.say(words::LOGIN_HINT))
            .error(typed.error("login")),
        Field::password("password", words::PASSWORD, "new-password")
            .hint(words::PASSWORD_HINT.fill(language, &[&least]))
            .error(typed.error("password")),
        Field::password("again", words::PASSWORD_AGAIN, "new-password").error(typed.error("again")),
    ];
    let all = html! { @for field in &fields { (field.show(language)) } };
    (words::ADMIN_TITLE, words::ADMIN_LEAD, all)
}

/// The first administrator as typed.
struct New {
    profile: Profile,
    login: LoginName,
    hash: String,
}

/// Makes the administrator and signs them in.
///
/// # Errors
/// Those of the box; what cannot be is the form again.
pub(in crate::surface::pages) fn send(
    view: &View<'_>,
    request: &Request,
    form: &Form,
) -> Result<Reply, Problem> {
    let step = Step::Administrator;
    if view.gate.progress.administrator {
        return Ok(Reply::see_other(&path_of(view.gate.progress.next())));
    }
    let new = match read(view, form)? {
        Ok(new) => new,
        Err(typed) => return Ok(view.reply(422, step, &typed)),
    };
    let token = view.gate.token.clone();
    let made = view
        .native
        .core
        .write(Actor::Stranger, SURFACE, move |tx, call| {
            setup::create_administrator(tx, call, &token, &new.profile, &new.login, &new.hash)
        });
    let person = match made {
        Ok(person) => person,
        Err(Error::LoginTaken) => {
            let told = view.say(words::LOGIN_TAKEN).to_owned();
            let typed = Typed::of(form, &["name", "login"]).with("login", told);
            return Ok(view.reply(422, step, &typed));
        }
        Err(error) => return Err(error.into()),
    };
    let address = request.peer.address.to_string();
    let agent = request.header("user-agent").unwrap_or_default().to_owned();
    let opened = view
        .native
        .core
        .write(Actor::Stranger, SURFACE, move |tx, call| {
            sessions::open(tx, call, person, Surface::Native, &address, &agent)
        })?;
    let token = opened.token.expose();
    let cookie = session::set_cookie(session::PERSON, token, request.peer.secure);
    let next = path_of(after(step));
    Ok(Reply::see_other(&next).with_header("set-cookie", cookie))
}

fn read(view: &View<'_>, form: &Form) -> Result<Result<New, Typed>, Problem> {
    let language = view.frame.language;
    let mut typed = Typed::of(form, &["name", "login"]);
    let (new, again) = (
        form.get("password").unwrap_or_default(),
        form.get("again").unwrap_or_default(),
    );
    let name = name::read(form.text("name"), language);
    let login = form.text("login").parse::<LoginName>();
    if let Err(told) = &name {
        typed = typed.with("name", told.clone());
    }
    if login.is_err() {
        typed = typed.with("login", view.say(words::LOGIN_BAD).to_owned());
    }
    if let Some((field, told)) = password::fault(new, again, form.text("login").trim(), language) {
        typed = typed.with(field, told);
    }
    let (Ok(name), Ok(login), true) = (name, login, typed.errors.is_empty()) else {
        return Ok(Err(typed));
    };
    let profile = Profile {
        name,
        number: None,
        email: None,
        class: None,
        role: Role::Admin,
    };
    let hash = password::hash(view.native, new)?;
    Ok(Ok(New {
        profile,
        login,
        hash,
    }))
}
