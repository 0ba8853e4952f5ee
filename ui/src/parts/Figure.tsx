/** A number with its name, that can be asked why it is what it is. */
import { Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { createContext, useContext, type ReactNode } from 'react';

/** Opens the reasons behind the numbers of an instant; of now when none is given. */
export type AskWhy = (at?: string) => void;

export const AskWhyContext = createContext<AskWhy>(() => undefined);

export function useAskWhy(): AskWhy {
  return useContext(AskWhyContext);
}

/** A number that a click explains. `name` says which number it is. */
export function Asked({
  name,
  at,
  children,
}: {
  name: string;
  at?: string | undefined;
  children: ReactNode;
}) {
  const ask = useAskWhy();
  return (
    <UnstyledButton className="figure" onClick={() => ask(at)}>
      <VisuallyHidden>{name}: </VisuallyHidden>
      {children}
      <VisuallyHidden>. Explain</VisuallyHidden>
    </UnstyledButton>
  );
}

interface Props {
  name: string;
  value: ReactNode;
  note?: ReactNode;
}

export function Figure({ name, value, note }: Props) {
  return (
    <Stack gap={0} miw={0}>
      <Text c="dimmed" fz="sm">
        {name}
      </Text>
      <Text component="div" fz="lg" fw={600} lh={1.4}>
        <Asked name={name}>{value}</Asked>
      </Text>
      {note != null && (
        <Text component="div" c="dimmed" fz="sm">
          {note}
        </Text>
      )}
    </Stack>
  );
}
