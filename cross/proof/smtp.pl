#!/usr/bin/perl
# A mail server on loopback that takes every mail and keeps it: what stands in for the one of a site.
#
#   smtp.pl PORT FILE       ends when it is killed; FILE gets each line that a client sends
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $file) = @ARGV;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 5, ReuseAddr => 1)
    or die "port $port: $!";
open my $kept, '>>', $file or die "$file: $!";
$kept->autoflush(1);
while (my $client = $server->accept) {
    $client->autoflush(1);
    print $client "220 proof ESMTP\r\n";
    my $in_mail = 0;
    while (my $line = <$client>) {
        $line =~ s/\r\n\z//;
        print $kept "$line\n";
        if ($in_mail) {
            next if $line ne '.';
            $in_mail = 0;
            print $client "250 2.0.0 kept\r\n";
        } elsif ($line =~ /^EHLO/i) {
            print $client "250-proof\r\n250-8BITMIME\r\n250-SIZE 10485760\r\n250 PIPELINING\r\n";
        } elsif ($line =~ /^DATA/i) {
            $in_mail = 1;
            print $client "354 go on\r\n";
        } elsif ($line =~ /^QUIT/i) {
            print $client "221 bye\r\n";
            last;
        } else {
            print $client "250 2.0.0 ok\r\n";
        }
    }
    close $client;
}
