/// Which modules the build puts into one file. Left alone it makes a file of each few that the same
/// pages share: a list begins with fifty requests then, which cost more than the code in them. So a
/// page loads what runs first, the app, the parts that most pages have, and its own; a list also what
/// lists are made of.
///
/// Where a module is named here that a group should not have, or missing, pages load more than they
/// need, or in more files: `npm run size` says how much.
import type { Rolldown } from 'vite';

/** What `main.ts` needs before anything else is there. */
const FIRST = /src\/(app\/pages|app\/styles|api\/begun)\.ts$|preload-helper|rolldown\/runtime/;
/** Built as they are: what they import makes up the groups. */
const ENTRIES = /index\.html$|src\/main\.ts$/;
/** What lists are made of. */
const LISTS =
  /src\/parts\/(DataRows|rows|FilterBar|SearchBox|Choice|choices|ServiceChoice|Views|NoMatch)\.tsx?$/;
/** What only those load who fill in a form, or narrow a list by kinds. */
const FORMS =
  /src\/(parts\/(Dialog|FormEnd|NewPassword|Secret|Refusal|NameField|Confirm|Kinds)\.tsx?$|pages\/(admin|session)\/)/;
/** Of what is not ours, that both lists and other pages need. */
const SHARED = /@mantine\/hooks|create-safe-context|to-int|components\/ScrollArea\//;

const isPart = (id: string) =>
  SHARED.test(id) || (id.includes('/src/') && !LISTS.test(id) && !FORMS.test(id));

export const groups: Rolldown.CodeSplittingGroup[] = [
  { name: 'first', test: FIRST, priority: 4 },
  { name: 'app', tags: ['$initial'], test: (id) => !ENTRIES.test(id), priority: 3 },
  { name: 'parts', minShareCount: 4, test: isPart, priority: 2 },
  { name: 'lists', test: LISTS, priority: 1 },
];
