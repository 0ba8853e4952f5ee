/**
 * Saved views of a list: its filters and order under a name. Some ship; a reader's own are kept in
 * this browser. Names are what someone typed, shown as text.
 */
import { Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Icon } from './icons';

export interface View {
  name: string;
  /** The filters as they stand in the address, without its question mark. */
  search: string;
}

const NAME_MAX = 60;

export function Views({ page, shipped }: { page: string; shipped: View[] }) {
  const router = useRouter();
  const [own, setOwn] = useLocalStorage<View[]>({ key: `views ${page}`, defaultValue: [] });
  const [naming, name] = useDisclosure();
  const go = ({ search }: View) => router.history.push(search === '' ? page : `${page}?${search}`);
  const save = (name: string) => {
    const search = router.latestLocation.searchStr.replace(/^\?/, '');
    setOwn((before) => [...before.filter((view) => view.name !== name), { name, search }]);
  };
  return (
    <>
      <Menu position="bottom-start" withArrow>
        <Menu.Target>
          <Button variant="default" px="sm" rightSection={<Icon name="down" size={12} />}>
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => go({ name: 'All', search: '' })}>All</Menu.Item>
          {[...shipped, ...own].map((view) => (
            <Menu.Item key={view.name} onClick={() => go(view)} maw={320}>
              <Text truncate>{view.name}</Text>
            </Menu.Item>
          ))}
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
      <Modal
        opened={naming}
        onClose={name.close}
        title={<Text fw={600}>Save this view</Text>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Naming
          onName={(text) => {
            save(text);
            name.close();
          }}
        />
      </Modal>
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
        <Group justify="flex-end">
          <Button type="submit">Save the view</Button>
        </Group>
      </Stack>
    </form>
  );
}
