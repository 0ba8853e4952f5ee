/** Light, dark, or as the system says. */
import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import type { IconName } from '../parts/icons';
import { HeadButton } from './HeadButton';

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
  return <HeadButton icon={icon} label={`Theme: ${word}. Change to ${next}`} onClick={toggle} />;
}
