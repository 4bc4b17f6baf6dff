// A field that saves itself: a moment after the last key, and when one leaves it.

import { fill, make, squeeze, toast } from './dom.js';

const PAUSE = 500;
let count = 0;

/** What a change says of a field's `value` and what `was` in it: nothing where it is empty, else `cast` to what is meant. */
export function fromTo(value, was, cast = text => text) {
  const said = text => (text === '' ? null : cast(text));
  return { value: said(value), was: said(was) };
}

/**
 * Make a field. `save(value, was)` returns a promise of what was done, null if it was refused (the text stays, and is
 * said not to be saved), or {kept: true} when the person keeps what the file has. `was` is the value that was here before.
 * `hint` may be text or an element. Setting `element.value` shows a new value, unless someone is writing.
 */
export function field({ label, value = '', rows = 0, placeholder = '', hint = null, save, type = 'text', list = null, extra = null, dir = 'auto' }) {
  const id = `field-${++count}`;
  const input = rows
    ? make('textarea', { id, rows, placeholder, dir, spellcheck: 'true' })
    : make('input', { id, type, placeholder, dir: type === 'text' ? dir : null, list: list && `${id}-list`, autocomplete: 'off' });
  const note = make('div', { class: 'hint', id: `${id}-hint` });
  const element = make('div', { class: 'field' },
    make('label', { for: id }, label), extra, input,
    list && make('datalist', { id: `${id}-list` }, list.map(each => make('option', { value: each }))), note);
  let saved = value;
  let timer = 0;
  let sending = 0;
  input.value = input.saved = value;
  const unsaved = is => { element.classList.toggle('unsaved', is); if (is) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid'); };
  const send = async () => {
    clearTimeout(timer);
    timer = 0;
    const wanted = input.value;
    if (half()) { unsaved(document.activeElement !== input); return; }
    if (wanted === saved) { unsaved(false); return; }
    const was = saved;
    saved = input.saved = wanted;
    sending += 1;
    element.classList.add('saving');
    const taken = await save(wanted, was);
    sending -= 1;
    element.classList.toggle('saving', sending > 0);
    if (taken === null && saved === wanted) saved = input.saved = was;
    if (taken?.kept) { saved = input.saved = was; input.value = was; grow(); } // the file's comes with the next telling
    unsaved(taken === null);
  };
  // a date that is being typed goes through the years 2, 20 and 203; a number through '-'
  const half = () => !input.validity.valid || (type === 'date' && input.value !== '' && input.value < '1000');
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(send, PAUSE); grow(); });
  if (type !== 'date') input.addEventListener('change', send); // a date tells a change with each key
  input.addEventListener('blur', () => { if (half()) toast(`Not saved: “${label}” is not complete`); send(); });
  const grow = () => { if (rows) { input.style.height = 'auto'; input.style.height = `${Math.min(input.scrollHeight + 2, 420)}px`; } };
  if (rows) new ResizeObserver(() => { if (input.offsetWidth !== input.wide) { input.wide = input.offsetWidth; grow(); } }).observe(input);
  Object.defineProperty(element, 'value', {
    get: () => input.value,
    set: now => {
      if (timer || sending || half() || input.value !== saved) return; // someone is writing; the server tells if both have changed it
      // the file has no space at the end: who pauses after a word goes on behind it
      if (document.activeElement === input && squeeze(now) === squeeze(input.value)) { saved = input.saved = now; return; }
      if (now !== input.value) { input.value = now; grow(); }
      saved = input.saved = now;
    },
  });
  element.input = input;
  element.hint = text => { fill(note, text); input.toggleAttribute('aria-describedby', Boolean(text)); if (text) input.setAttribute('aria-describedby', note.id); };
  element.send = send;
  element.hint(hint);
  return element;
}

/** A field to choose from `choices` ([value, text]); `save(value, was)` as above. */
export function choice({ label, value = '', choices, save }) {
  const id = `field-${++count}`;
  const select = make('select', { id }, choices.map(([key, text]) => make('option', { value: key, selected: key === value }, text)));
  let was = value;
  select.addEventListener('change', async () => {
    const before = was;
    was = select.value;
    const taken = await save(select.value, before);
    if (taken === null || taken.kept) select.value = was = before;
  });
  return make('div', { class: 'field line' }, make('label', { for: id }, label), select);
}
