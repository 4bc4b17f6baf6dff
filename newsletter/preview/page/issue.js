// The page of one issue.

import { get, listen } from './api.js';
import './archive.js';
import { one, toast } from './dom.js';
import { desk, redo, showHistory, undo } from './edit.js';
import { addSheet } from './item.js';
import { key, keys } from './keys.js';
import './mistakes.js';
import './outline.js';
import { openField, pointedAt } from './pointing.js';
import { proofSheet } from './proof.js';
import { toggle } from './sides.js';
import './sizes.js';
import { stage } from './stage.js';
import './tools.js';
import { issueName, view } from './view.js';

let told = {};
let turn = 0;
let asking = 0;

/** Ask for the issue as it is now, and show it. */
async function look() {
  const mine = ++turn;
  try {
    const now = await get(`/api/issues/${encodeURIComponent(issueName)}`, { ...view.wish, client: view.client });
    if (mine === turn) show(now);
  } catch (error) {
    if (mine === turn) toast(error.message);
  }
}

function show(now) {
  told = now;
  one('#title').textContent = now.subject || issueName;
  one('#title').title = now.subject || issueName;
  document.title = `${now.subject || issueName} – preview`;
  clearTimeout(asking);
  asking = setTimeout(stands, 250); // after all that one waits for
  one('mistake-panel').problems = now.problems;
  one('size-bar').told = now;
  one('view-tools').told = now;
  one('issue-outline').told = now;
  one('#outline').inert = Boolean(view.data); // made-up content is there to be seen, not to be changed
  one('#undo').disabled = !now.undo;
  one('#redo').disabled = !now.redo;
  document.body.classList.toggle('mistaken', now.problems.length > 0);
  if (now.sizes) stage(now);
}

async function stands() {
  const { state } = await get(`/api/issues/${encodeURIComponent(issueName)}/standing`).catch(() => ({ state: '' }));
  told.state = state;
  one('#state').hidden = !state;
  one('#state').textContent = state;
  one('#state').className = `pill ${state.split(' ')[0]}`;
}

function changed() {
  look();
  one('archive-list').refresh();
}

addEventListener('pointed', event => {
  const { target, link, place } = event.detail;
  const found = told.sections && !view.data ? pointedAt(told, target) : null;
  if (found?.editorial) { toggle('outline', true); one('issue-outline').go('editorial'); }
  else if (found) openField(told, found, place);
  else if (link) toast(link.href, { label: 'Open', action: () => open(link.href, '_blank', 'noopener,noreferrer') });
});
addEventListener('put', event => {
  if (view.data) toast('What you see is made up. Choose “the issue’s own” content under More first.');
  else one('issue-outline').put(event.detail);
});
addEventListener('additem', () => addSheet(told.categories ?? [], item => one('issue-outline').put(item)));
desk.addEventListener('saved', changed);
desk.addEventListener('refused', look);
desk.addEventListener('busy', () => { one('#saving').textContent = desk.waiting ? 'Saving …' : desk.refused ? 'Not saved' : 'Saved'; });
one('#undo').addEventListener('click', undo);
one('#redo').addEventListener('click', redo);
one('#proof').addEventListener('click', () => proofSheet(told));
one('#changes').addEventListener('click', async () => showHistory(await get('/api/history', { limit: 100 })));
view.addEventListener('view', look);
listen(news => { if (!(news.generation <= told.generation)) changed(); }, cut => document.body.classList.toggle('cut', cut));
key('/', 'Search the archive', () => { toggle('archive', true); one('archive-list').search.focus(); });
key('a', 'Archive, shown or not', () => toggle('archive'));
key('e', 'Issue, shown or not', () => toggle('outline'));
key('s', 'Subject', () => { toggle('outline', true); one('issue-outline').go('subject'); });
keys();
get('/api/choices').then(choices => { one('view-tools').choices = choices; });
look();
