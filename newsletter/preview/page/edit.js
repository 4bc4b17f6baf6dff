// Changes on their way to the files: one after the other, each saved before the next. What was refused says why.

import { post } from './api.js';
import { make, moment, sheet, toast } from './dom.js';
import { place } from './mistakes.js';
import { issueName } from './view.js';

/** Tells `saved` after each change, and `busy` when it begins or ends to wait for one. */
export const desk = new EventTarget();
desk.waiting = 0;
desk.refused = false; // whether the last one was
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
  if (done) { // what is open shows what was
    document.querySelector('#sheet').close();
    document.querySelector('.pointed')?.hidePopover();
  }
  if (done) toast(done.what ? `${which === 'undo' ? 'Undone' : 'Done again'}: ${done.what}` : `There is nothing to ${which}`);
}

function queue(work, changes = []) {
  waiting(1);
  const turn = line.then(async () => {
    try {
      const done = await work();
      desk.refused = false;
      desk.dispatchEvent(new CustomEvent('saved', { detail: done }));
      return { done };
    } catch (error) {
      desk.refused = true;
      return { error };
    } finally {
      waiting(-1);
    }
  });
  line = turn;
  return turn.then(({ done, error }) => (error ? refused(error, changes) : done)); // the next does not wait for a choice
}

function waiting(more) {
  desk.waiting += more;
  desk.dispatchEvent(new Event('busy'));
}

function refused(error, changes) {
  const conflict = error.told?.conflict;
  if (conflict) return settle(conflict, changes);
  const [problem] = error.told?.problems ?? [];
  toast(problem ? `Not saved: ${problem.message}${problem.hint ? ` (${problem.hint})` : ''}` : `Not saved: ${error.message}`);
  desk.dispatchEvent(new CustomEvent('refused', { detail: changes }));
  return null;
}

/**
 * Someone else changed the same thing meanwhile: show both, and let the person choose. Nothing was overwritten. Return
 * a promise of {kept: true} for what the file has, of what was done for theirs, or null: they left without a choice.
 */
function settle(conflict, changes) {
  const said = value => value == null || value === '' ? make('em', {}, 'nothing') : Array.isArray(value) ? value.join(', ') : String(value);
  let chosen = null;
  const choose = mine => { chosen = mine ? 'mine' : 'theirs'; dialog.close(); };
  const again = changes.length > 0 && changes.some(each => 'was' in each);
  const dialog = sheet('Changed by someone else meanwhile',
    make('p', {}, conflict.message, ' ', conflict.at && make('code', { class: 'at' }, place(conflict.at))),
    make('div', { class: 'both' },
      make('section', {}, make('h3', {}, 'In the file now'), make('pre', {}, said(conflict.theirs))),
      make('section', {}, make('h3', {}, 'Yours'), make('pre', {}, said(conflict.yours)))),
    make('p', { class: 'buttons' },
      make('button', { type: 'button', class: 'main', onclick: () => choose(false) }, 'Keep what is in the file'),
      again && make('button', { type: 'button', onclick: () => choose(true) }, 'Put mine in its place')));
  return new Promise(settled => dialog.addEventListener('close', async () => {
    if (chosen === 'mine') { settled(await change(...changes.map(each => ({ ...each, was: conflict.theirs })))); return; }
    settled(chosen ? { kept: true } : null);
    if (chosen) desk.refused = false;
    desk.dispatchEvent(new CustomEvent('saved', { detail: {} }));
  }, { once: true }));
}

/** What was changed lately, with the lines of the files. */
export async function showHistory(entries) {
  sheet('Changes', entries.length === 0
    ? make('p', { class: 'hint' }, 'Nothing has been changed here yet.')
    : make('ul', { class: 'notes' }, entries.map(entry => make('li', { class: entry.state === 'done' ? '' : 'undone' },
      make('details', {},
        make('summary', {}, make('strong', {}, entry.what), make('span', { class: 'hint' }, ` ${moment(entry.at)}${entry.state === 'done' ? '' : ' · taken back'}`)),
        diff(entry.diff))))));
}

export function diff(text) {
  return make('pre', { class: 'diff' }, text.trimEnd().split('\n').map(row => make('code', {
    class: /^(@@|---|\+\+\+)/.test(row) ? 'hunk' : row.startsWith('+') ? 'plus' : row.startsWith('-') ? 'minus' : '' }, `${row}\n`)));
}

addEventListener('beforeunload', event => {
  document.activeElement?.blur?.(); // what was typed just now is on its way with that, and outlives the page
  if (desk.waiting > 1 || document.querySelector('.field.unsaved')) event.preventDefault();
});
addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
  if (event.target.closest?.('input:not([type=radio], [type=checkbox]), textarea') && event.target.value !== event.target.saved) return; // its own undo
  event.preventDefault();
  (event.shiftKey ? redo : undo)();
});
