/** A page of the handbook beside its contents. */
import { Box, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTitle } from '../../app/title';
import { AppLink } from '../../parts/AppLink';
import { Empty } from '../../parts/Empty';
import { LoadingRows } from '../../parts/Loading';
import { Markdown } from '../../parts/Markdown';
import { Problem } from '../../parts/Problem';
import { HANDBOOK, handbookText } from './pages';

const route = getRouteApi('/signed-in/handbook/$page');

export function HandbookPage() {
  const { page } = route.useParams();
  const text = useQuery({
    queryKey: ['handbook', page],
    queryFn: () => handbookText(page),
    staleTime: Infinity,
  });
  useTitle(`${HANDBOOK.find((one) => one.page === page)?.name ?? page}, handbook`);
  return (
    <Box className="admin">
      <Stack component="nav" aria-label="Handbook" gap={2} className="side-nav">
        {HANDBOOK.map(({ page, name }) => (
          <Link key={page} to="/handbook/$page" params={{ page }} className="side-link">
            {name}
          </Link>
        ))}
      </Stack>
      <Box miw={0} maw={760}>
        {text.isPending && <LoadingRows of="the handbook" rows={4} height={28} />}
        {text.isError && (
          <Problem error={text.error} what="The page" retry={() => void text.refetch()} />
        )}
        {text.data === null && (
          <Empty title="The handbook has no such page" page>
            <Text>
              It begins{' '}
              <AppLink to="/handbook/$page" params={{ page: 'start' }} underline="always">
                here
              </AppLink>
              .
            </Text>
          </Empty>
        )}
        {text.data && <Markdown text={text.data} />}
      </Box>
    </Box>
  );
}
