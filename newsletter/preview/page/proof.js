// The proof for the person who approves, and the yes.

import { post } from './api.js';
import { fill, make, sheet, single, toast } from './dom.js';
import { desk } from './edit.js';
import { issueName } from './view.js';

const base = `/api/issues/${encodeURIComponent(issueName)}`;

export function proofSheet(told) {
  const files = make('div', { role: 'status' });
  const begin = make('button', { type: 'button', class: 'main', onclick: async () => {
    begin.disabled = true;
    fill(files, make('p', { class: 'hint' }, 'Making it … a PDF takes a few seconds.'));
    try {
      const { proofs } = await post(`${base}/proof`, {});
      fill(files, make('ul', { class: 'notes' }, proofs.map(each => make('li', {},
        each.language === '-' ? '' : `${each.language}: `,
        each.files.map(name => make('a', { class: 'file', href: `/proof/${encodeURIComponent(issueName)}/${each.language}/${name}`, download: true }, name)),
        make('span', { class: 'hint' }, ` state ${each.code}${each.wrong ? `; no PDF: ${each.wrong}` : ''}`)))));
      desk.dispatchEvent(new CustomEvent('saved', { detail: {} }));
    } catch (error) { fill(files, make('p', {}, error.message)); }
    begin.disabled = false;
  } }, 'Make the proof');
  const by = make('input', { id: 'approved-by', autocomplete: 'name', value: localStorage.getItem('name') ?? '' });
  const note = make('textarea', { id: 'approved-note', rows: 2 });
  const dialog = sheet('Proof and approval',
    make('p', {}, 'One file to send to the person who approves: the mail on a desktop, on a phone and in the dark, its text, every link, notes. It opens without this program.'),
    make('p', { class: 'buttons' }, begin), files,
    make('h3', {}, 'The yes'),
    make('p', { class: 'hint' }, told.state ? `Now: ${told.state}.` : '', ' It is recorded in issues/approvals/ with what was approved; a later change is seen.'),
    make('form', { onsubmit: single(async () => {
      localStorage.setItem('name', by.value);
      try {
        await post(`${base}/approval`, { by: by.value, note: note.value });
        dialog.close();
        toast(`Approved by ${by.value}`);
        desk.dispatchEvent(new CustomEvent('saved', { detail: {} }));
      } catch (error) { toast(error.message); }
    }) },
    make('div', { class: 'field' }, make('label', { for: by.id }, 'Who says yes'), by),
    make('div', { class: 'field' }, make('label', { for: note.id }, 'Note'), note),
    make('button', {}, 'Record the approval')));
}
