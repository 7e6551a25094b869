//! Hands a message to SNS.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_sns::Client;
use aws_sdk_sns::config::Builder;
use aws_sdk_sns::config::retry::{RetryPartition, TokenBucket};
use aws_sdk_sns::types::MessageAttributeValue;
use aws_types::SdkConfig;
use aws_types::region::Region;
use tracing::info;

use super::Notice;
use crate::settings::Topic;

/// What may be spent on sending reports again in the life of a process.
const RETRY_TOKENS: usize = 100_000;

/// A topic, and a client in its region, made when there is something to tell.
#[derive(Debug, Clone)]
pub struct Publisher {
    config: SdkConfig,
    client: OnceLock<Client>,
    topic: String,
}

impl Publisher {
    /// A client in the topic's region: SNS refuses a topic of another one.
    pub fn new(topic: &Topic, config: &SdkConfig) -> Self {
        let config = config.to_builder().region(Region::new(topic.region.clone())).build();
        Self { config, client: OnceLock::new(), topic: topic.arn.clone() }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            // Reports that fail in a bad hour must not use up the tries of those after them.
            let tokens = TokenBucket::new(RETRY_TOKENS);
            let patient = RetryPartition::custom("reports").token_bucket(tokens).build();
            Client::from_conf(Builder::from(&self.config).retry_partition(patient).build())
        })
    }

    /// The topic's ARN.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Publishes a message within this time. One that SNS does not answer in time may have been sent all the same.
    pub async fn publish(&self, notice: &Notice, time: Duration) -> Result<(), Box<dyn Error + Send + Sync>> {
        let late = "SNS did not answer before the invocation's time was over";
        let message_id = tokio::time::timeout(time, self.send(notice)).await.map_err(|_| late)??;
        info!(topic = self.topic, message_id, "report published");
        Ok(())
    }

    async fn send(&self, notice: &Notice) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
        let mut request = self
            .client()
            .publish()
            .topic_arn(&self.topic)
            .subject(&notice.subject)
            .message(&notice.message)
            .message_structure("json");
        for (name, kind, value) in &notice.attributes {
            let value = MessageAttributeValue::builder().data_type(*kind).string_value(value).build()?;
            request = request.message_attributes(*name, value);
        }
        Ok(request.send().await?.message_id)
    }
}
