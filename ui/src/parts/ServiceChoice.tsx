/** The service a list is narrowed to, found by typing. Names are read once it is opened. */
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useServices } from '../api/services';
import { nameOf } from '../app/words';
import { Choice } from './Choice';

const OFFERED_MAX = 20;

export function ServiceChoice({
  value,
  onChoose,
}: {
  value: string | undefined;
  onChoose: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState('');
  const [wanted, want] = useState(value !== undefined);
  const [asked] = useDebouncedValue(typed, 150);
  const services = useServices({ q: asked }, OFFERED_MAX, wanted);
  return (
    <Choice
      label="Service"
      any="Any service"
      searchable
      value={value}
      data={services.items.map((service) => ({ value: service.name, label: nameOf(service) }))}
      onSearch={setTyped}
      onOpen={() => want(true)}
      asked={{ isPending: !services.settled, isError: services.isError }}
      onChoose={onChoose}
    />
  );
}
