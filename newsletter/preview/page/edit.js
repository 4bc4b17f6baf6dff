// Changes on their way to the files: one after the other, each saved before the next. What was refused says why.

import { post } from './api.js';
import { make, sheet, toast } from './dom.js';
import { place } from './mistakes.js';
import { issueName } from './view.js';

/** Tells `saved` after each change, and `busy` when it begins or ends to wait for one. */
export const desk = new EventTarget();
desk.waiting = 0;
const tab = crypto.randomUUID();
let line = Promise.resolve();

/** Save changes of the issue (see the server's `changes.py`), as one step. Return what was done, or null if refused. */
export function change(...changes) {
  return queue(() => post(`/api/issues/${encodeURIComponent(issueName)}/changes`, { changes, tab }), changes);
}

export const undo = () => step('undo');
export const redo = () => step('redo');

async function step(which) {
  const done = await queue(() => post(`/api/${which}`, { tab }));
  if (done) toast(done.what ? `${which === 'undo' ? 'Undone' : 'Done again'}: ${done.what}` : `There is nothing to ${which}`);
}

function queue(work, changes = []) {
  const turn = line.then(async () => {
    waiting(1);
    try {
      const done = await work();
      desk.dispatchEvent(new CustomEvent('saved', { detail: done }));
      return done;
    } catch (error) {
      refused(error, changes);
      return null;
    } finally {
      waiting(-1);
    }
  });
  line = turn;
  return turn;
}

function waiting(more) {
  desk.waiting += more;
  desk.dispatchEvent(new Event('busy'));
}

function refused(error, changes) {
  const conflict = error.told?.conflict;
  if (conflict) { settle(conflict, changes); return; }
  const [problem] = error.told?.problems ?? [];
  toast(problem ? `Not saved: ${problem.message}${problem.hint ? ` (${problem.hint})` : ''}` : `Not saved: ${error.message}`);
  desk.dispatchEvent(new CustomEvent('refused', { detail: changes }));
}

/** Someone else changed the same thing meanwhile: show both, and let the person choose. Nothing was overwritten. */
function settle(conflict, changes) {
  const said = value => value == null || value === '' ? make('em', {}, 'nothing') : Array.isArray(value) ? value.join(', ') : String(value);
  const choose = mine => { dialog.close(); if (mine) change(...changes.map(each => ({ ...each, was: conflict.theirs }))); desk.dispatchEvent(new CustomEvent('saved', { detail: {} })); };
  const again = changes.length > 0 && changes.some(each => 'was' in each);
  const dialog = sheet('Changed by someone else meanwhile',
    make('p', {}, conflict.message, ' ', conflict.at && make('code', { class: 'at' }, place(conflict.at))),
    make('div', { class: 'both' },
      make('section', {}, make('h3', {}, 'In the file now'), make('pre', {}, said(conflict.theirs))),
      make('section', {}, make('h3', {}, 'Yours'), make('pre', {}, said(conflict.yours)))),
    make('p', { class: 'buttons' },
      make('button', { type: 'button', class: 'main', onclick: () => choose(false) }, 'Keep what is in the file'),
      again && make('button', { type: 'button', onclick: () => choose(true) }, 'Put mine in its place')));
}

/** What was changed lately, with the lines of the files. */
export async function showHistory(entries) {
  sheet('Changes', entries.length === 0
    ? make('p', { class: 'hint' }, 'Nothing has been changed here yet.')
    : make('ul', { class: 'notes' }, entries.map(entry => make('li', { class: entry.state === 'done' ? '' : 'undone' },
      make('details', {},
        make('summary', {}, make('strong', {}, entry.what), make('span', { class: 'hint' }, ` ${entry.at.slice(0, 16).replace('T', ' ')}${entry.state === 'done' ? '' : ' · taken back'}`)),
        diff(entry.diff))))));
}

export function diff(text) {
  return make('pre', { class: 'diff' }, text.trimEnd().split('\n').map(row => make('code', {
    class: /^(@@|---|\+\+\+)/.test(row) ? 'hunk' : row.startsWith('+') ? 'plus' : row.startsWith('-') ? 'minus' : '' }, `${row}\n`)));
}

addEventListener('beforeunload', event => { if (desk.waiting) event.preventDefault(); });
addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
  if (event.target.closest?.('input:not([type=radio], [type=checkbox]), textarea') && event.target.value !== event.target.saved) return; // its own undo
  event.preventDefault();
  (event.shiftKey ? redo : undo)();
});
