// Making elements. Text is always text: nothing here reads markup.

/** Make an element: `make('p', {class: 'hint', onclick: f}, 'text', child)`. What is null or false is left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  return fill(element, ...children);
}

/** Put `children` into an element, in place of what it holds. What is null or false is left out. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(child => child != null && child !== false));
  return element;
}

const ICONS = { close: 'M4 4l8 8M12 4l-8 8', dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01' };

/** Make an element of a drawing (SVG). */
export function drawn(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Draw a small picture for a button, which has its name in words. */
export const icon = name => drawn('svg', { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }, drawn('path', { d: ICONS[name] }));

/** A text with one space wherever it has some, and none at its ends. */
export const squeeze = text => text.replace(/\s+/g, ' ').trim();

/** Return the one element that `selector` finds. */
export const one = (selector, within = document) => within.querySelector(selector);

/** Say something for a moment, with a thing to do about it perhaps: `{label, action}`. */
export function toast(text, deed = null) {
  const box = one('#toast');
  box.replaceChildren(text, ...(deed ? [make('button', { type: 'button', onclick: () => { box.hidePopover(); deed.action(); } }, deed.label)] : []));
  box.togglePopover(true);
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.matches(':popover-open') && box.hidePopover(), deed ? 8000 : 4000);
}

/** Where one wrote before a dialog was opened, one writes on: Chromium gives the focus back, but no cursor. */
function goOn() {
  const field = document.activeElement;
  if (!field?.matches('input, textarea')) return;
  if (field.selectionEnd == null) field.select();
  else field.setSelectionRange(field.selectionStart, field.selectionEnd);
}

/** Open the page's dialog with `title` and `content`; return it. It closes with Escape, and takes its content along. */
export function sheet(title, ...content) {
  const dialog = one('#sheet');
  if (dialog.open) dialog.dispatchEvent(new Event('close')); // another one takes its place
  dialog.replaceChildren(
    make('header', {}, make('h2', { id: 'sheet-title' }, title),
      make('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => dialog.close() }, icon('close'))),
    make('div', { class: 'sheet-body' }, content));
  dialog.addEventListener('close', goOn); // once, however often it is said
  if (!dialog.open) dialog.showModal();
  return dialog;
}

/** Return `action` so that a second press does nothing while the first is at work. */
export function single(action) {
  let busy = false;
  return async event => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try { await action(event); } finally { busy = false; }
  };
}

/** A moment (ISO 8601) as the person's clock shows it: 2020-03-31 09:05. */
export const moment = at => new Date(at).toLocaleString('sv', { dateStyle: 'short', timeStyle: 'short' });

/** `1234567` as 1,234,567; bytes as KB, as mail services count them (1,000 bytes). */
export const number = value => value.toLocaleString('en');
export const kilobytes = bytes => bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(bytes < 99500 ? 1 : 0)} KB`;
