/** Light, dark, or as the system says. */
import { ActionIcon, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '../parts/icons';
import { useTip } from '../parts/tip';

const NEXT: Record<MantineColorScheme, MantineColorScheme> = {
  auto: 'light',
  light: 'dark',
  dark: 'auto',
};
const LOOKS: Record<MantineColorScheme, { icon: IconName; word: string }> = {
  auto: { icon: 'system', word: 'as the system' },
  light: { icon: 'sun', word: 'light' },
  dark: { icon: 'moon', word: 'dark' },
};

export function useThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = NEXT[colorScheme];
  return { ...LOOKS[colorScheme], next: LOOKS[next].word, toggle: () => setColorScheme(next) };
}

export function ThemeToggle() {
  const { icon, word, next, toggle } = useThemeToggle();
  const label = `Theme: ${word}. Change to ${next}`;
  const { over, said } = useTip(() => label);
  return (
    <>
      <ActionIcon
        size={36}
        variant="subtle"
        color="gray"
        onClick={toggle}
        aria-label={label}
        {...over}
      >
        <Icon name={icon} size={18} />
      </ActionIcon>
      {said}
    </>
  );
}
