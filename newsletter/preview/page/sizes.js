// The line below the stage: how large the mail is, where Gmail cuts it, pictures, links, notes.

import { fill, kilobytes, make, number, sheet } from './dom.js';
import { place } from './mistakes.js';

class SizeBar extends HTMLElement {
  set told(told) {
    const { sizes, notes = [] } = told;
    if (!sizes) { this.replaceChildren(); return; }
    const share = sizes.sent / sizes.clip;
    fill(this,
      make('button', { type: 'button', class: `quiet weight ${share > 1 ? 'over' : share > 0.8 ? 'near' : ''}`, title: 'What costs what', onclick: () => weights(sizes) },
        make('meter', { min: 0, max: 1, high: 0.8, value: Math.min(share, 1), 'aria-label': 'Size, of what Gmail shows' }),
        `${kilobytes(sizes.html)} as built${sizes.sent !== sizes.html ? `, ${kilobytes(sizes.sent)} as sent` : ''}`,
        share > 1 && make('strong', {}, ' Gmail cuts it')),
      make('span', {}, sizes.pictures ? `${sizes.pictures} pictures, ${kilobytes(sizes.pictureBytes)}` : 'no pictures'),
      sizes.minutes != null && make('span', {}, `${sizes.minutes} min to read`),
      sizes.links && make('button', { type: 'button', class: 'quiet', onclick: () => links(sizes.links) }, `${sizes.links.length} links`),
      told.removed && make('button', { type: 'button', class: 'quiet', onclick: () => removed(told) }, `${told.removed.length} things left out by ${told.client}`),
      make('span', { class: 'gap' }),
      notes.length > 0 && make('button', { type: 'button', class: 'quiet notes', onclick: () => remarks(notes) }, notes.length === 1 ? '1 note' : `${notes.length} notes`));
  }
}

function weights(sizes) {
  const parts = sizes.parts ?? [];
  const most = Math.max(...parts.map(part => part.bytes), 1);
  sheet('What costs what',
    make('p', {}, `${number(sizes.html)} bytes of HTML as built, ${number(sizes.sent)} as sent. Gmail shows about ${number(sizes.clip)} and cuts the rest.`),
    make('table', {}, make('tbody', {}, parts.map(part => make('tr', {},
      make('th', { scope: 'row' }, part.name),
      make('td', {}, make('meter', { min: 0, max: most, value: part.bytes, 'aria-hidden': 'true' })),
      make('td', { class: 'figure' }, number(part.bytes)))))),
    make('p', { class: 'hint' }, `Text part: ${number(sizes.text)} bytes. Pictures: ${sizes.pictures}, ${number(sizes.pictureBytes)} bytes, which do not count for Gmail.`));
}

function links(found) {
  sheet('Links', make('table', { class: 'links' },
    make('thead', {}, make('tr', {}, make('th', {}, 'Text'), make('th', {}, 'Address'), make('th', {}, 'Where'))),
    make('tbody', {}, found.map(link => make('tr', {},
      make('td', {}, link.text || make('em', {}, 'a picture')), make('td', { class: 'address' }, link.address), make('td', {}, link.where))))));
}

function remarks(notes) {
  sheet('Notes', make('ul', { class: 'notes' }, notes.map(note => make('li', {},
    note.message, note.at && make('code', { class: 'at' }, place(note.at))))));
}

function removed(told) {
  sheet(`${told.client}: what it leaves out`,
    make('p', { class: 'hint' }, `A simulation, from data of caniemail as of ${told.dataDate}. It has not seen the client itself.`),
    make('ul', { class: 'notes' }, told.removed.map(each => make('li', {},
      make('strong', {}, each.what), ` ${each.times > 1 ? `${each.times} times` : 'once'}`, each.partly && ' (in part)',
      make('div', { class: 'hint' }, [each.where, each.tested && `tested ${each.tested}`].filter(Boolean).join(' · '))))));
}

customElements.define('size-bar', SizeBar);
