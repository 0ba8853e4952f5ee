/**
 * What stands around every page: the head with navigation, finder, theme and account, and the state
 * of the live connection. Nobody who is not signed in comes past it.
 */
import { ActionIcon, Box, Button, Container, Group, Kbd, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useEnded, useMe } from '../api/session';
import { AppLink } from '../parts/AppLink';
import { Empty } from '../parts/Empty';
import { Icon, Mark } from '../parts/icons';
import { later } from '../parts/later';
import { Problem } from '../parts/Problem';
import { AccountMenu } from './AccountMenu';
import { useChords, usePageKeys } from './chords';
import { HeadButton } from './HeadButton';
import { useLive } from './live';
import { LostBanner } from './LostBanner';
import { ThumbNavigation, TopNavigation } from './Navigation';
import { StillIn } from './StillIn';
import { ThemeToggle } from './ThemeToggle';
import { useTitle } from './title';

/** Loaded when they are first opened. */
const Keys = later(() => import('./Keys').then((m) => m.Keys));
const Palette = later(() => import('./Palette').then((m) => m.Palette));
const Ended = later(() => import('../pages/session/Ended').then((m) => m.Ended));

export function Root() {
  return <Outlet />;
}

export function SignedIn() {
  const me = useMe();
  const ended = useEnded();
  if (me.data === undefined) {
    // Known before, and asked again in vain, leaves the page to the reader.
    if (!me.isError) return null;
    return (
      <Container size="sm" py="xl">
        <Problem error={me.error} what="Plimsoll" retry={() => void me.refetch()} />
      </Container>
    );
  }
  if (me.data === null) return <GoSignIn />;
  // Of what one reader was at, nothing is left for the next.
  return (
    <>
      <Frame key={me.data.id} />
      {ended && <Ended me={me.data} />}
    </>
  );
}

/** Once: on the way the address is already the sign-in page's own. */
function GoSignIn() {
  const router = useRouter();
  useEffect(() => {
    void router.navigate({
      to: '/sign-in',
      search: { next: router.latestLocation.href },
      replace: true,
    });
  }, [router]);
  return null;
}

export function NotFound() {
  useTitle('There is no page here');
  return (
    <Container size="sm" py="xl">
      <Empty title="There is no page here" page>
        The address may be mistyped. Everything starts from the{' '}
        <AppLink to="/" underline="always">
          overview
        </AppLink>
        .
      </Empty>
    </Container>
  );
}

function Frame() {
  const live = useLive();
  const [finding, finder] = useDisclosure();
  const [helping, help] = useDisclosure();
  const main = useContent();
  useChords();
  usePageKeys([['mod+K', finder.open]], []);
  usePageKeys([
    ['shift+?', help.open],
    ['?', help.open],
  ]);
  return (
    <>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        To the content
      </button>
      <Head onFind={finder.open} onHelp={help.open} />
      <LostBanner live={live} />
      <StillIn />
      <Container
        component="main"
        ref={main}
        tabIndex={-1}
        size={1320}
        px={{ base: 'sm', sm: 'lg' }}
        pt={{ base: 'sm', sm: 'lg' }}
        className="page"
        id="main"
      >
        <Outlet />
      </Container>
      <ThumbNavigation />
      {finding && <Palette onClose={finder.close} onHelp={help.open} />}
      {helping && <Keys onClose={help.close} />}
    </>
  );
}

/**
 * The page's content. When the page has changed and took the focus with it, it goes on from there:
 * not before the new page stands, since until then the old one has it.
 */
function useContent() {
  const main = useRef<HTMLDivElement>(null);
  const page = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(page);
  useEffect(() => {
    const moved = before.current !== undefined && before.current !== page;
    before.current = page;
    if (moved && document.activeElement === document.body)
      main.current?.focus({ preventScroll: true });
  }, [page]);
  return main;
}

function Head({ onFind, onHelp }: { onFind: () => void; onHelp: () => void }) {
  return (
    <Box component="header" bg="var(--surface)" style={{ borderBottom: '1px solid var(--rule)' }}>
      <Container size={1320} px={{ base: 'sm', sm: 'lg' }} h={52}>
        <Group h="100%" gap="md" wrap="nowrap" justify="space-between">
          <Group gap="lg" wrap="nowrap">
            <AppLink to="/" underline="never" aria-label="Plimsoll, to the overview">
              <Group gap={8} wrap="nowrap">
                <Mark />
                <Text fw={650} fz="lg" c="var(--ink)">
                  Plimsoll
                </Text>
              </Group>
            </AppLink>
            <TopNavigation />
          </Group>
          <Group gap={4} wrap="nowrap">
            <Button
              visibleFrom="sm"
              variant="default"
              size="xs"
              onClick={onFind}
              leftSection={<Icon name="search" size={14} />}
              rightSection={<Kbd size="xs">{isMac() ? '⌘K' : 'Ctrl K'}</Kbd>}
            >
              Find
            </Button>
            <ActionIcon
              hiddenFrom="sm"
              size={44}
              variant="subtle"
              color="gray"
              onClick={onFind}
              aria-label="Find"
            >
              <Icon name="search" size={20} />
            </ActionIcon>
            <ThemeToggle />
            <HeadButton
              icon="keys"
              label="Show the keys"
              says="Keys (?)"
              visibleFrom="sm"
              onClick={onHelp}
            />
            <AccountMenu />
          </Group>
        </Group>
      </Container>
    </Box>
  );
}

function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}
