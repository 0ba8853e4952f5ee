/** The menu of the saved views of a list, open from the start. */
import { Button, Menu, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Dialog } from './Dialog';
import { useMenuFocus } from './focus';
import { FormEnd } from './FormEnd';
import { Icon } from './icons';
import type { View, ViewsProps } from './Views';

const NAME_MAX = 60;

export function ViewsMenu({ page, shipped }: ViewsProps) {
  const router = useRouter();
  const [own, setOwn] = useLocalStorage<View[]>({ key: `views ${page}`, defaultValue: [] });
  const [naming, name] = useDisclosure();
  const { target, onClose } = useMenuFocus();
  const go = ({ search }: View) => router.history.push(search === '' ? page : `${page}?${search}`);
  const save = (name: string) => {
    const search = router.latestLocation.searchStr.replace(/^\?/, '');
    setOwn((before) => [...before.filter((view) => view.name !== name), { name, search }]);
  };
  return (
    <>
      <Menu position="bottom-start" withArrow defaultOpened onClose={onClose}>
        <Menu.Target>
          <Button
            ref={target}
            variant="default"
            px="sm"
            rightSection={<Icon name="down" size={12} />}
          >
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => go({ name: 'All', search: '' })}>All</Menu.Item>
          {[...shipped.filter(({ name }) => !own.some((view) => view.name === name)), ...own].map(
            (view) => (
              <Menu.Item key={view.name} onClick={() => go(view)} maw={320}>
                <Text truncate>{view.name}</Text>
              </Menu.Item>
            ),
          )}
          <Menu.Divider />
          <Menu.Item onClick={name.open}>Save this view…</Menu.Item>
          {own.map((view) => (
            <Menu.Item
              key={view.name}
              c="dimmed"
              onClick={() => setOwn((all) => all.filter((one) => one.name !== view.name))}
            >
              Forget “{view.name}”
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <Dialog title="Save this view" onClose={name.close}>
          <Naming
            onName={(text) => {
              save(text);
              name.close();
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Naming({ onName }: { onName: (name: string) => void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') onName(text.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="The filters and the order of now, kept in this browser."
          maxLength={NAME_MAX}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <FormEnd act="Save the view" busy={false} error={null} />
      </Stack>
    </form>
  );
}
