// Enhancements only: every page works without this file.
(() => {
  'use strict';

  // Faults: put the reader at the summary, so that it is heard first.
  const faults = document.getElementById('faults');
  if (faults) faults.focus();

  // ---- Whoever goes back and sends the same form once more means what was sent: it keeps its key (R-06) ----
  // A page that is loaded again on the way back has a new key; the history entry remembers the old one, and a digest of what
  // went with it. Something else in the form is something new.
  const digestOf = (form, button) => {
    const fields = new FormData(form, button);
    fields.delete('_token');
    fields.delete('_key');
    let digest = 0;
    for (const char of `${form.action} ${new URLSearchParams(fields)}`)
      digest = (Math.imul(31, digest) + char.codePointAt(0)) | 0;
    return digest;
  };
  document.addEventListener('submit', (event) => {
    const key = event.target.elements._key;
    if (!key) return;
    const digest = digestOf(event.target, event.submitter);
    const sent = history.state?.sent ?? {};
    key.value = sent[digest] ?? key.value;
    history.replaceState({ ...history.state, sent: { ...sent, [digest]: key.value } }, '');
  });

  // ---- A passphrase can be looked at while it is typed; it is hidden again before the form leaves ----
  for (const field of document.querySelectorAll('input[type=password]')) {
    const toggle = document.createElement('button');
    toggle.type = 'button';
    toggle.className = 'usa-button usa-button--unstyled edlink-show';
    toggle.setAttribute('aria-controls', field.id);
    const show = (visible) => {
      field.type = visible ? 'text' : 'password';
      toggle.textContent = visible ? 'Hide passphrase' : 'Show passphrase';
    };
    toggle.addEventListener('click', () => show(field.type === 'password'));
    field.form?.addEventListener('submit', () => show(false));
    show(false);
    field.after(toggle);
  }

  // ---- Search while typing: the list of places follows the search field ----
  const search = document.querySelector('[data-places]');
  if (search) {
    const list = document.getElementById(search.dataset.places);
    const said = document.getElementById(search.dataset.said);
    let timer;
    let latest = 0;

    const item = (place) => {
      const link = document.createElement('a');
      const address = new URL(search.dataset.next, location.origin);
      address.searchParams.set('level', place.level);
      address.searchParams.set('code', place.code);
      link.href = address.pathname + address.search;
      const name = document.createElement('strong');
      name.textContent = place.name;
      link.append(name, document.createTextNode(place.about));
      const line = document.createElement('li');
      line.append(link);
      return line;
    };

    // A search answers with 20 at most.
    const countOf = (count) =>
      count < 20
        ? `${count} ${count === 1 ? 'place' : 'places'} found.`
        : `The first ${count} places found; another word of the name finds fewer.`;

    const look = async () => {
      const text = search.value.trim();
      const turn = ++latest;
      if (text.length < 2) return;
      const address = new URL('/places', location.origin);
      address.searchParams.set('q', text);
      if (search.dataset.application) address.searchParams.set('application', search.dataset.application);
      const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => undefined);
      if (!answer || !answer.ok || turn !== latest) return;
      const { places } = await answer.json();
      list.replaceChildren(...places.map(item));
      said.textContent = places.length
        ? `${countOf(places.length)} Choose one from the list below.`
        : 'No place found. Try another word of its name, or its code.';
    };
    search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(look, 200);
    });
  }

  // ---- A list by keyboard: from one entry to the next with the arrows, j and k; Enter opens. Only while the reader is in it ----
  for (const list of document.querySelectorAll('[data-keys]')) {
    const stops = [...list.querySelectorAll('[data-key-stop]')];
    list.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = stops.indexOf(event.target);
      const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: stops.length - 1 }[
        event.key
      ];
      if (next === undefined || (at < 0 && event.target !== list)) return;
      event.preventDefault();
      stops[Math.max(0, Math.min(next, stops.length - 1))].focus();
    });
  }

  // ---- One box that ticks all boxes of a name; without script it is not shown ----
  for (const all of document.querySelectorAll('[data-tick-all]')) {
    const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`)];
    all.closest('[hidden]').hidden = false;
    all.addEventListener('change', () => boxes.forEach((box) => (box.checked = all.checked)));
  }

  // ---- What was typed outlives a session that ends: kept in this tab only, until the form is sent (WCAG 2.2.1) ----
  const keptAt = `edlink-typed ${location.pathname}`;
  const fields = () =>
    [
      ...document.querySelectorAll(
        'main textarea, main input[type=text], main input[type=search], main input[type=email]',
      ),
    ].filter((field) => field.name);

  const keep = () => {
    const typed = Object.fromEntries(
      fields()
        .filter((field) => field.value)
        .map((field) => [field.name, field.value]),
    );
    if (Object.keys(typed).length) sessionStorage.setItem(keptAt, JSON.stringify(typed));
  };
  const bring = () => {
    const text = sessionStorage.getItem(keptAt);
    if (!text) return;
    sessionStorage.removeItem(keptAt);
    const typed = JSON.parse(text);
    for (const field of fields())
      if (!field.value && typeof typed[field.name] === 'string') field.value = typed[field.name];
  };
  if (document.body.dataset.session) bring();

  // ---- The session: a warning before it ends, and a way to go on (SE-3) ----
  const { sessionIdle, sessionOverall, sessionExtend, token } = document.body.dataset;
  if (!sessionIdle) return;
  const warning = 5 * 60 * 1000;
  const seenKey = 'edlink-seen';
  const overallEnd = Date.now() + Number(sessionOverall) * 1000;
  const see = () => localStorage.setItem(seenKey, String(Date.now()));
  // Another tab may have kept the session alive: the newest of them counts.
  const idleEnd = () => Number(localStorage.getItem(seenKey) || 0) + Number(sessionIdle) * 1000;
  see();

  const dialog = document.createElement('dialog');
  dialog.className = 'edlink-dialog';
  dialog.setAttribute('role', 'alertdialog');
  dialog.setAttribute('aria-labelledby', 'session-heading');
  dialog.setAttribute('aria-describedby', 'session-text');
  const heading = document.createElement('h2');
  heading.id = 'session-heading';
  heading.textContent = 'Are you still there?';
  const text = document.createElement('p');
  text.id = 'session-text';
  const stay = document.createElement('button');
  stay.type = 'button';
  stay.className = 'usa-button';
  stay.textContent = 'Stay signed in';
  dialog.append(heading, text, stay);
  document.body.append(dialog);

  const minutesLeft = (end) => Math.max(1, Math.round((end - Date.now()) / 60000));
  const extend = async () => {
    dialog.close();
    const answer = await fetch(sessionExtend, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ _token: token }),
    }).catch(() => undefined);
    if (answer && answer.ok) see();
    else watch();
  };
  stay.addEventListener('click', extend);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    extend();
  });

  let toldOverall = false;
  const watch = () => {
    const now = Date.now();
    const end = Math.min(idleEnd(), overallEnd);
    if (now >= end) {
      keep();
      location.assign(`/sign-in?returnTo=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    const overallNear = overallEnd - now <= warning;
    if (idleEnd() - now > warning && dialog.open && !overallNear) dialog.close();
    if (dialog.open || (overallNear && toldOverall && idleEnd() - now > warning)) return;
    if (overallNear && !toldOverall) {
      toldOverall = true;
      text.textContent = `For security, everybody signs in again after 12 hours. That is in ${minutesLeft(overallEnd)} minutes. What you typed on this page is kept in this tab; send it before then, or after you have signed in again.`;
      stay.textContent = 'I understand';
      dialog.showModal();
    } else if (idleEnd() - now <= warning) {
      text.textContent = `Nothing has happened here for a while. In ${minutesLeft(end)} minutes you will be signed out, to protect the records of children. What you typed on this page is kept.`;
      stay.textContent = 'Stay signed in';
      dialog.showModal();
    }
  };
  setInterval(watch, 5000);
})();
