// Keys, and the sheet that lists them.

import { make, sheet } from './dom.js';
import { LOOKS } from './tools.js';
import { view } from './view.js';

const KEYS = [];

/** Add a key: `key('d', 'Dark or light', action)`. */
export function key(name, what, action) { KEYS.push({ name, what, action }); }

const next = (choices, now) => choices[(choices.indexOf(now) + 1) % choices.length];

key('m', 'Mail', () => view.change({ kind: 'email' }));
key('w', 'Web version', () => view.change({ kind: 'web' }));
key('t', 'Plain text', () => view.change({ kind: 'text' }));
key('i', 'Inbox line', () => view.change({ kind: 'inbox' }));
key('p', 'Desktop, phone, both', () => view.change({ device: next(['desktop', 'phone', 'both'], view.device) }));
key('d', 'Light, dark, inverted', () => view.change({ look: next(LOOKS.map(([value]) => value), view.look) }));
key('o', 'Images off or on', () => view.change({ images: view.images ? '' : 'off' }));
key('0', 'Everything as usual', () => view.reset());
key('?', 'This sheet', () => sheet('Keys', make('dl', { class: 'keys' },
  KEYS.flatMap(each => [make('dt', {}, make('kbd', {}, each.name)), make('dd', {}, each.what)]))));

/** Listen to the keys; not while someone writes, nor in a dialog. */
export function keys() {
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('input:not([type=radio], [type=checkbox]), textarea, select, dialog, [contenteditable]')) return;
    const found = KEYS.find(each => each.name === event.key);
    if (found) { event.preventDefault(); found.action(); }
  });
}
