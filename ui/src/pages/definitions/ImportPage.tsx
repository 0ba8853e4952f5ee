/** SLOs of other programs as documents of Plimsoll, with what became of each. Nothing is applied. */
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useImport } from '../../api/definitions';
import type { Import, ImportNote } from '../../api/types';
import { command } from '../../app/command';
import { asSentence } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Command } from '../../parts/Command';
import { Copy } from '../../parts/Copy';
import { Page, Slash } from '../../parts/Page';
import { Pre } from '../../parts/Pre';
import { Refusal } from '../../parts/Refusal';
import { Said } from '../../parts/Said';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';

/** What the pasted text is called in the report. */
const PASTED = 'pasted';

export function ImportPage() {
  const [text, setText] = useState('');
  const [service, setService] = useState('');
  const [window, setWindow] = useState('');
  const reading = useImport();
  const read = (event: FormEvent) => {
    event.preventDefault();
    reading.mutate({
      files: [{ path: PASTED, text }],
      ...(service === '' ? {} : { service }),
      ...(window === '' ? {} : { window }),
    });
  };
  return (
    <Page
      title="Bring your SLOs"
      crumbs={
        <>
          <AppLink to="/slos" inherit>
            SLOs
          </AppLink>
          <Slash />
          <span>Import</span>
        </>
      }
      help="slos"
      commands={[command`plimsoll import FILE`]}
    >
      <Section
        title="What you have"
        says="Files of Sloth in both of its forms, Pyrra, and OpenSLO v1alpha; several documents are separated by ---. Nothing is stored."
      >
        <form onSubmit={read}>
          <Stack gap="sm">
            <Textarea
              label="YAML"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              rows={14}
              resize="vertical"
              spellCheck={false}
              styles={{ input: { fontFamily: 'monospace' } }}
            />
            <Group gap="md" align="flex-end">
              <TextInput
                label="Service"
                description="For SLOs that name none, as Pyrra’s"
                value={service}
                onChange={(event) => setService(event.currentTarget.value)}
              />
              <TextInput
                label="Window"
                description="For SLOs that name none, as Sloth’s"
                placeholder="30d"
                value={window}
                onChange={(event) => setWindow(event.currentTarget.value)}
              />
              <Button type="submit" disabled={text.trim() === ''} loading={reading.isPending}>
                Read them
              </Button>
            </Group>
            <Refusal error={reading.error} />
          </Stack>
        </form>
      </Section>
      {reading.data && <Found found={reading.data} />}
    </Page>
  );
}

function Found({ found }: { found: Import }) {
  const of = (outcome: string) => found.notes.filter((note) => note.outcome === outcome).length;
  return (
    <>
      <Section
        title="What became of it"
        says={`${of('kept')} kept, ${of('changed')} changed, ${of('refused')} refused.`}
      >
        <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {found.notes.map((note, index) => (
            <Note key={index} note={note} />
          ))}
        </Stack>
      </Section>
      {found.yaml !== '' && (
        <Section
          title="As definitions"
          says="Look them through, save them beside your others, and apply them."
          aside={
            <Copy text={found.yaml} label="Copy the definitions" variant="default" size={36} />
          }
        >
          <Pre text={found.yaml.trimEnd()} label="The definitions" />
          <Command line={command`plimsoll apply -f slos.yaml`} />
        </Section>
      )}
    </>
  );
}

const TONES: Record<string, string> = { kept: 'healthy', changed: 'caution', refused: 'refused' };

function Note({ note }: { note: ImportNote }) {
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="baseline">
      <Text c="dimmed" fz="sm" w={64} style={{ flex: 'none' }}>
        line {note.line}
      </Text>
      <Group w={92} style={{ flex: 'none' }}>
        <State code={TONES[note.outcome] ?? note.outcome} word={note.outcome} />
      </Group>
      <Text miw={0} style={{ overflowWrap: 'anywhere' }}>
        <Said text={asSentence(note.message)} />
        {note.hint != null && (
          <Text span c="dimmed">
            {' '}
            <Said text={asSentence(note.hint)} />
          </Text>
        )}
      </Text>
    </Group>
  );
}
