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
      told.simulation && make('button', { type: 'button', class: 'quiet', onclick: () => removed(told.simulation) },
        `${told.simulation.client}: ${told.simulation.removed.filter(each => each.support === 'no').length} things left out`),
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

function removed({ client, date, notes, removed: found }) {
  const list = some => make('ul', { class: 'notes' }, some.map(each => make('li', {},
    make('details', {},
      make('summary', {}, make('strong', {}, each.title), ` ${each.written}`, make('span', { class: 'hint' }, each.count > 1 ? ` ${each.count} times` : ' once')),
      each.note && make('p', {}, each.note),
      make('ul', {}, each.places.map(at => make('li', {}, make('code', {}, at.path), at.near && ` “${at.near}”`, make('span', { class: 'hint' }, ` line ${at.line}`)))),
      make('p', { class: 'hint' }, `Tested ${each.tested}. `, make('a', { href: each.url, target: '_blank', rel: 'noreferrer' }, 'caniemail'))))));
  const not = found.filter(each => each.support === 'no');
  const partly = found.filter(each => each.support !== 'no');
  sheet(`${client}, simulated`,
    make('p', { class: 'hint' }, `From the data of caniemail as of ${date}; the client itself was not seen.`, ...notes.map(text => ` ${text}`)),
    make('h3', {}, not.length ? 'Taken out of the frame' : 'Nothing had to be taken out'), list(not),
    partly.length > 0 && make('h3', {}, 'Supported in part, still in the frame'), partly.length > 0 && list(partly));
}

customElements.define('size-bar', SizeBar);
